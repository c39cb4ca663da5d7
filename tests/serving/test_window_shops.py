"""The shop window before it has a key, of a shop with nothing in it, and of one item without a title."""

from contextlib import contextmanager

import pytest
from tests.queries.browser import chromium
from tests.serving.conftest import CONFIG, serving
from tests.serving.window import WIDTHS, Window

from kartograph.serving.keys import add_key

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(600)]
WITHOUT_MODELS = CONFIG.replace("[models]\ndefault = 'item-knn'\n", "")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def browser(opened):
    """The browser with nothing open: the page of a server that has ended would go on asking it."""
    opened.get("about:blank")
    opened.get_log("browser")
    return opened


@contextmanager
def shop_of(connected, server, home, *statements: str):
    """A served shop of what some statements make, with no model trained."""
    connected.query("MATCH (n) DETACH DELETE n", write=True)
    for statement in statements:
        connected.query(statement, write=True)
    with serving(home, server.uri, server.auth, WITHOUT_MODELS) as running:
        yield running


def test_a_key_is_asked_for_and_kept_for_the_tab(browser, server, small_shop) -> None:
    keys = small_shop / "serving" / "shop" / "keys.json"
    reader, admin = add_key(keys, "reader", ["read"]), add_key(keys, "all of it", ["admin"])
    settings = CONFIG + "[security]\nrequire_key = true\n"
    with serving(small_shop, server.uri, server.auth, settings, admin) as running:
        assert running.client.get("/v1/users", headers={"Authorization": f"Bearer {reader}"}).status_code == 403
        for width, secret in zip(WIDTHS, (admin, reader), strict=True):
            window = Window(browser, str(running.client.base_url), width)
            browser.get(window.address)
            window.until(lambda window=window: window.one("#key input").is_displayed())
            for said in ("nonsense", secret):
                window.one("#key input").send_keys(said)
                window.click("#key button")
                if said == "nonsense":
                    window.until(lambda window=window: "does not know that key" in window.one("#key").text)
            window.settled()
            browser.refresh()
            window.settled()
            assert not window.all("#key[open]"), "the tab still has the key"
            window.picture(f"key-{'admin' if secret == admin else 'read'}")
            if secret == reader:
                window.open("user=1")
                assert window.listed()
                assert "this needs admin" in window.chromium.execute_script(
                    "return document.querySelector('#past').textContent"
                )
            window.click(".state button.quiet")
            window.until(lambda window=window: window.one("#key input").is_displayed())
        browser.get_log("browser")  # the refusals stand there


def test_a_shop_without_anything_says_so(browser, server, connected, tmp_path) -> None:
    with shop_of(connected, server, tmp_path) as running:
        for width in WIDTHS:
            window = Window(browser, str(running.client.base_url), width).open()
            assert window.texts("#shop-facts") == ["0 items · 0 users"]
            assert set(window.texts(".column .empty p")) == {"The shop has no items yet."}
            assert not window.all("#filters [role=combobox]"), "there is nothing to choose from"
            window.picture("nothing")
        assert browser.get_log("browser") == []


def test_one_item_without_a_title_is_shown_by_its_id(browser, server, connected, tmp_path) -> None:
    with shop_of(connected, server, tmp_path, "CREATE (:Item {id: 'a/b 🙂'})") as running:
        for width in WIDTHS:
            window = Window(browser, str(running.client.base_url), width).open()
            assert window.listed() == ["a/b 🙂"]
            assert window.texts(".column:first-child .title") == ["Item a/b 🙂"]
            window.choose("Find an item", "a/", "a/b 🙂")
            window.until(lambda window=window: "No model is served" in window.one("#sheet").text)
            window.picture("one")
            window.click("#sheet .do button")
            window.until(lambda window=window: window.texts(".column:first-child .empty p"))
        assert browser.get_log("browser") == []
