"""A person at the shop window, in a real Chromium as wide as a desk and as a phone.

With KARTOGRAPH_SCREENSHOTS set to a folder, the tests leave pictures of what they saw there.
"""

import json

import httpx
import pytest
from selenium.webdriver.common.keys import Keys
from tests.queries.browser import chromium
from tests.serving.window import WIDTHS, Window

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(600)]
UNNAMED = """
return [...document.querySelectorAll('button, input, select, a[href], summary, dialog[open], section, svg[role=img]')]
  .filter(one => one.checkVisibility() && !(one.getAttribute('aria-label') || one.textContent.trim() || one.title
    || (one.labels && one.labels.length) || one.getAttribute('aria-labelledby')))
  .map(one => one.outerHTML.slice(0, 200))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture(params=WIDTHS)
def window(browser, served, request):
    yield Window(browser, str(served.client.base_url), request.param)
    assert browser.get_log("browser") == []


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def of_session(served, *items: str, **more) -> list[str]:
    return ids(served.client.post("/v1/sessions/recommendations", json={"items": items, "k": 12, **more}))


def pinned(served) -> bool:
    """Whether the spade is pinned for one of the workers; a new connection may come to the other one."""
    with httpx.Client(base_url=served.client.base_url) as client:
        return ids(client.post("/v1/sessions/recommendations", json={"items": ["101"]}))[0] == "107"


def unfolded(window: Window, panel: str) -> None:
    """Open a panel of the question where it is folded."""
    window.until(lambda: window.one(f"#{panel} summary").is_displayed())
    if window.one(f"#{panel}").get_attribute("open") is None:
        window.click(f"#{panel} summary")


def test_a_user_is_found_by_typing_and_every_list_says_what_who_and_how_fast(window, served) -> None:
    window.open("visitor=")
    window.click("#who button")
    window.choose("User", "2", "2")
    window.until(lambda: window.listed() == ids(served.client.get("/v1/users/2/recommendations")))
    assert window.listed(1) == ids(served.client.get("/v1/users/2/recommendations", params={"model": "stan"}))
    answer = served.client.get("/v1/users/2/recommendations").json()
    first, [shown] = answer["items"][0], window.texts(".column:first-child .card:first-child .card-main")
    [facts] = served.client.get("/v1/items", params={"id": first["item_id"]}).json()
    for part in (facts["title"], f"{facts['price']:.2f}", first["reason"]):
        assert part in shown
    heads = window.texts(".column-head")
    assert len(heads) == 2
    assert f"version {answer['version']}" in heads[0]
    assert answer["served_by"] in heads[0]
    assert "ms at the server" in heads[0]
    unfolded(window, "past")
    assert window.texts("#past .past-name")[0] == "Iron pot", "the latest event comes first"
    assert window.chromium.execute_script("return document.documentElement.scrollWidth") <= window.width
    assert window.chromium.execute_script(UNNAMED) == []
    window.picture("user")


def test_a_session_is_built_by_title_and_the_next_lists_know_it(window, served) -> None:
    window.open("visitor=")
    window.choose("Find an item", "copp", "101")
    window.until(lambda: window.one("#sheet-title").text == "Copper kettle")
    window.click("#sheet .do button")
    window.until(lambda: window.listed() == of_session(served, "101"))
    window.press(Keys.ESCAPE)
    assert window.texts(".column:first-child .moved"), "what moved says so"
    window.click(".card[data-item='103'] .add")
    window.until(lambda: window.listed() == of_session(served, "101", "103"))
    unfolded(window, "past")
    assert window.texts("#past .past-name") == ["Iron pot", "Copper kettle"]
    window.picture("session")
    window.click("[aria-label='Forget Iron pot']")
    window.until(lambda: window.listed() == of_session(served, "101"))
    window.open(window.chromium.current_url.partition("#")[2])
    assert window.listed() == of_session(served, "101"), "the address holds the question"


def test_why_is_a_graph_and_parts_of_the_score_and_keys_suffice(window, served) -> None:
    window.open("visitor=&item=101&item=104")
    window.one(".card[data-item='102'] .card-main").send_keys(Keys.ENTER)
    nodes = window.until(lambda: window.texts("#sheet .node text"))
    assert nodes == ["Copper kettle", "Garden shovel", "This session", "Iron pan"][: len(nodes) - 2] + nodes[-2:]
    assert nodes[-2:] == ["This session", "Iron pan"]
    told = served.client.get("/v1/explanations", params={"session": "101,104", "item": "102"}).json()
    assert told["parts"][0]["behind"] == "101"
    assert "Copper kettle" in window.texts("#sheet .bars li")[0]
    assert any("Copper kettle" in line and "of the score" in line for line in window.texts("#sheet .why li"))
    assert window.chromium.execute_script(UNNAMED) == []
    assert window.chromium.execute_script("return document.querySelector('#sheet').scrollWidth") <= window.width
    window.picture("why")
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.one("#sheet").is_displayed())
    focused = window.chromium.execute_script("return document.activeElement.closest('.card').dataset.item")
    assert focused == "102", "the focus comes back to where it was"


def test_filters_act_at_once(window, served) -> None:
    window.open("visitor=&item=101")
    unfolded(window, "filters")
    window.choose("Category, with all below", "3", "3")
    window.until(lambda: window.listed() == of_session(served, "101", filters={"category": "3"}))
    assert set(window.listed()) == {"104", "107"}
    window.choose("Brand", "bo", "Bolt")
    [least] = [one for one in window.all("#filters input[type=number]") if one.get_attribute("placeholder") == "10.00"]
    least.send_keys("22")
    window.until(lambda: window.listed() == ["107"])
    least.send_keys("0")
    window.until(lambda: window.texts(".column .empty p") == ["No item passes the filters."] * 2)
    assert window.texts("#filters-on") == ["3"]
    window.picture("filters")
    window.click(".column .empty button")
    window.until(lambda: window.listed() == of_session(served, "101"))
    assert window.texts("#filters-on") == [""]
    assert {field.get_attribute("value") for field in window.all("#filters [role=combobox]")} == {""}


def test_what_the_shop_changes_acts_at_once_and_promotions_within_seconds(window, served) -> None:
    window.open("visitor=&item=101")
    window.until(lambda: "107" in window.listed())
    window.click(".card[data-item='107'] .card-main")
    window.until(lambda: window.one("#sheet [data-hold=sold]").is_displayed())
    window.click("#sheet [data-hold=sold]")
    window.until(lambda: window.one("#sheet [data-hold=sold]").text == "Make available")
    window.until(lambda: "107" not in window.listed())
    window.click("#sheet [data-hold=sold]")
    window.until(lambda: "107" in window.listed())
    window.click("#sheet [data-hold=pin]")
    window.until(lambda: window.listed()[0] == "107")
    window.press(Keys.ESCAPE)
    window.picture("pinned")
    unfolded(window, "promotions")
    window.until(lambda: window.texts("#promotions .rules li span") == ["Pin to the top New spade "])
    window.click("#promotions .rules button")
    window.until(lambda: window.listed()[0] != "107")
    window.until(lambda: all(not pinned(served) for _ in range(10)))


def test_recorded_events_are_events_of_the_shop(window, served) -> None:
    user = f"of the window {window.width}"
    window.open(f"user={user}")
    unfolded(window, "past")
    assert "Nothing is known of this user" in window.one("#past").text
    window.click("#past .record input")
    window.click(".card[data-item='103'] .add")
    history = window.until(lambda: served.client.get(f"/v1/users/{user}/history").json()["events"])
    assert [(event["item_id"], event["event"]) for event in history] == [("103", "view")]
    window.until(lambda: window.texts("#past .past-name") == ["Iron pot"])
    window.until(lambda: "103" not in window.listed())


def test_titles_with_markup_do_nothing(window, served) -> None:
    title = "<img src=x onerror='document.title=1'><script>document.title=2</script>&amp;\u202e"
    served.client.patch("/v1/items", json=[{"item_id": "107", "title": title}])
    try:
        window.open("visitor=")
        assert title in window.texts(".card[data-item='107'] .title")
        window.click(".card[data-item='107'] .card-main")
        window.until(lambda: window.one("#sheet-title").text.startswith("<img src=x"))
        assert window.all("#columns img, #columns script, #sheet img, #sheet script") == []
        assert window.chromium.title == "shop · shop window"
    finally:
        served.client.patch("/v1/items", json=[{"item_id": "107", "title": "New spade"}])


def test_every_file_forbids_what_is_not_its_own(served) -> None:
    page = served.client.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "://" not in page.text
    assert "style=" not in page.text
    assert served.client.get("/window/main.js").headers["Content-Type"].startswith("text/javascript")
    for path in ("/window/none.js", "/window/..%2Fapp.py", "/window/%2e%2e/app.py"):
        assert served.client.get(path).status_code == 404
    assert json.loads(served.client.get("/window/none.js").text)["detail"] == 'the window has no file "none.js"'
