import json
import re
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.evaluation.report import retailrocket
from tests.evaluation.report.records import bare, figures_only, full
from tests.queries.browser import chromium

from kartograph.evaluation.report.data_source import retailrocket_figures
from kartograph.evaluation.report.page import PAGE, build_page, write_page
from kartograph.evaluation.report.records import read_records
from kartograph.tables.errors import BadInput

VOID = {"meta", "link", "img", "br"}


class Outline(HTMLParser):
    """What a page holds: its elements with their attributes, and whether every element is closed."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    def made(*contents, data=None):
        folder = tmp_path_factory.mktemp("records")
        for place, content in enumerate(contents):
            (folder / f"r{place}.json").write_text(json.dumps(content), encoding="utf-8")
        return build_page(read_records([folder]), data)

    return made


@pytest.fixture(scope="module")
def page(page_of, tmp_path_factory):
    """The page of a record with every part and of a small shop's data."""
    data = retailrocket_figures(retailrocket.write(tmp_path_factory.mktemp("data") / "small"))
    return page_of(full(), data=data)


def test_figures_stand_as_the_record_has_them(page):
    text = re.sub(r"<[^>]+>", " ", page.html)

    for figure in ("51.23", "50.11–52.33", "53.48", "1.35", "3.8 s", "87.50", "15,132"):
        assert figure in text


def test_the_page_refers_to_nothing_outside(page):
    outline = Outline(page.html)
    words = re.sub(r"data:image/png;base64,[^\"]+", "", page.html)

    assert re.findall(r".{0,40}(?:https?:|//[a-z]|@import|url\().{0,40}", words) == []
    assert outline.all("script") == []
    assert {image["src"].partition(",")[0] for image in outline.all("img")} == {"data:image/png;base64"}
    assert all(link["href"].startswith("#") for link in outline.all("a"))


def test_links_lead_to_sections_and_no_id_stands_twice(page):
    outline = Outline(page.html)
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]

    assert len(ids) == len(set(ids))
    assert {link["href"].removeprefix("#") for link in outline.all("a")} <= set(ids)
    assert {region["aria-labelledby"] for region in outline.all("div") if "aria-labelledby" in region} <= set(ids)
    assert outline.open == []


def test_tables_and_images_can_be_read_without_seeing_them(page):
    outline = Outline(page.html)

    assert len(outline.all("caption")) == len(outline.all("table")) > 5
    assert all(header["scope"] in ("col", "colgroup", "row") for header in outline.all("th"))
    assert all(len(image["alt"]) > 20 for image in outline.all("img"))


def test_a_section_carries_the_name_of_its_data(page_of):
    html = page_of(figures_only() | {"name": "clicks of <May>"}).html

    assert "Next click in a session · clicks of &lt;May&gt;</h2>" in html


def test_all_models_that_none_is_better_than_are_named_as_the_best(page_of):
    record = full()
    record["figures"]["markov"] |= {"HR@20": 0.51234, "Recall@20": 0.51234}
    assert "<b>markov, stan</b>, 51.23 %" in page_of(record).html


def test_models_without_figures_are_named_with_their_reasons(page_of):
    left_out = {"failed": {"als": "needs a package"}, "not_applicable": {"mcprhrec": "learns from users"}}
    html = page_of(figures_only() | left_out | {"notes": ["2 sessions are too few."]}).html

    for text in ("als failed: needs a package", "mcprhrec: n/a, learns from users", "2 sessions are too few."):
        assert text in html


def test_ids_are_escaped(page_of):
    content = figures_only()
    content["figures"]["<script>alert('x')</script> & co"] = content["figures"].pop("stan")
    html = page_of(content | {"protocol": "<b>own</b>"}).html

    assert re.findall(r"<script.{20}|<b>own.{20}", html) == []
    assert html.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; co") >= 2


def test_what_older_records_lack_is_named(page_of):
    html = page_of(bare()).html
    missing = html[html.index("Not in these records:") :].partition("</p>")[0]

    for part in ("confidence intervals", "paired significance", "cold starts", "learning curves"):
        assert f"{part} (every model)" in missing
    assert "latency" not in missing


def test_commands_in_remarks_stand_as_code(page_of):
    html = page_of(figures_only()).html
    assert "<code>kartograph evaluate preaddl --labels event</code> asks that question" in html
    assert "`" not in html.partition("<body>")[2]


def test_the_clusters_of_a_record_are_drawn(page_of):
    plane = {"points": [[0, 0], [0, 1], [3, 3]], "clusters": [0, 0, 1], "medoids": [0, 2]}
    layout = {**plane, "names": ["Ulysses", "Poems of a very long title that nobody reads to its end"]}
    page = page_of({**figures_only(), "protocol": "books", "layout": {**layout, "division": "k-medoids, 2"}})
    [drawn] = [image for image in Outline(page.html).all("img") if "3 items in 2 clusters" in image["alt"]]
    assert drawn["src"].startswith("data:image/png;base64,")


def test_a_page_without_records_and_data_says_how_to_get_them(page_of):
    html = page_of().html

    assert "There is no record of an evaluation." in html
    assert "kartograph report --data FOLDER" in html


def test_reported_figures_are_marked_and_compared_only_where_cases_agree(page_of):
    fewer = figures_only()
    for row in fewer["figures"].values():
        row["cases"] = 100
    known = {"benchmark": "retailrocket-clicks"}
    html = page_of(figures_only() | known, fewer | known | {"data": {"test_sha256": "other"}}).html

    assert html.count("This leaderboard has as many cases under the same options.") == 2
    assert html.count("Measured by others on 15,132 cases, not on this test part: no comparison.") == 2
    assert html.count("<em>reported</em>") > 10


def test_equal_input_gives_equal_bytes(page_of):
    one, other = (page_of(figures_only() | {"learning": full()["learning"]}) for _ in range(2))

    assert (one.html == other.html, one.charts == other.charts) == (True, True)


def test_two_leaderboards_of_one_protocol_have_names_and_files_of_their_own(page_of):
    page = page_of(figures_only(), figures_only() | {"options": {"k": 10}})
    files = [chart.file for chart in page.charts]

    assert len(files) == len(set(files))
    assert {"sequences-hr-20.png", "sequences-2-hr-20.png"} <= set(files)


def test_the_page_and_its_charts_are_written(page, tmp_path):
    paths = write_page(page, tmp_path / "new" / "folder")

    assert paths[0] == tmp_path / "new" / "folder" / PAGE
    assert {path.name for path in paths} == {path.name for path in paths[0].parent.iterdir()}
    assert {
        *("sequences-hr-20.png", "sequences-latency.png", "sequences-by-length.png", "sequences-by-popularity.png"),
        *("sequences-learning-loss.png", "data-hours.png"),
    } <= {path.name for path in paths}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths[1:])


def test_a_folder_that_cannot_be_written_is_refused(page, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"file cannot be written: .*Name another folder with --out"):
        write_page(page, tmp_path / "file")


@pytest.mark.timeout(300)
def test_a_browser_shows_the_page_without_complaint_and_without_sideways_scrolling(page, tmp_path):
    path: Path = write_page(page, tmp_path / "out")[0]
    with chromium(tmp_path / "profile") as window:
        for width in (1280, 390):
            metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
            window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            window.get(path.as_uri())
            assert window.execute_script("return document.documentElement.scrollWidth") <= width
            assert window.execute_script("return [...document.images].every(image => image.naturalWidth > 0)")
        assert window.get_log("browser") == []  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.timeout(300)
def test_charts_stand_on_the_ground_of_the_page_in_the_dark_scheme_and_can_be_read_there(page, tmp_path):
    path: Path = write_page(page, tmp_path / "out")[0]
    with chromium(tmp_path / "profile") as window:
        features = [{"name": "prefers-color-scheme", "value": "dark"}]
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        window.get(path.as_uri())
        image = "const image = document.querySelector('figure img'), style = getComputedStyle(image);"
        *drawn, chart = window.execute_script(f"{image} return [style.filter, style.mixBlendMode, image.src]")
    # White inverts to black, and black screened on a ground is the ground; dark letters become light.
    assert drawn == ["invert(1) hue-rotate(180deg)", "screen"]
    pixels = np.asarray(Image.open(BytesIO(b64decode(chart.partition(",")[2]))).convert("RGB"))
    assert pixels[-6, -6].tolist() == [255, 255, 255]
    assert pixels.max(axis=2).min() < 255 - 200
