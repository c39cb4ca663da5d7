"""The site builds without a warning and without network, and loads nothing from elsewhere."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait
from tests.queries.browser import PATIENCE, chromium
from tests.serving.window import WIDTHS

ROOT = Path(__file__).resolve().parents[2]
LOADED = re.compile(r"<(?:script|img|iframe|link(?![^>]*canonical))[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]*\"")
IN_STYLE = re.compile(r"(?:url\(|@import )[\"' ]*(?:https?:)?//[^)]*")
NO_NETWORK = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "NO_MKDOCS_2_WARNING": "1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **NO_NETWORK}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_and_every_file_it_links_to_is_in_the_site(site):
    assert (site / "index.html").is_file()
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs")).with_suffix(".html").is_file(), page
    assert (site / "queries" / "index.html").is_file()
    assert (site / "queries" / "explore" / "funnel.cypher").read_text() == (
        ROOT / "queries" / "explore" / "funnel.cypher"
    ).read_text()
    assert (site / "ontology" / "vocabulary.ttl").is_file()


def test_links_out_of_the_folder_of_pages_are_made_to_work(site):
    assert 'href="queries/index.html"' in (site / "pipeline.html").read_text()
    assert 'href="conventions.html"' in (site / "CONTRIBUTING.html").read_text()


def test_no_page_loads_anything_from_elsewhere(site):
    loaded = {found for page in site.rglob("*.html") for found in LOADED.findall(page.read_text())}
    styles = {found for style in site.rglob("*.css") for found in IN_STYLE.findall(style.read_text())}
    assert loaded | styles == set()


def test_what_a_page_could_load_from_elsewhere_is_seen():
    assert (
        LOADED.findall('<script src="https://a.example/x.js"> <link href="//a.example/x.css" rel="stylesheet">') != []
    )
    assert LOADED.findall('<script src="a.js"> <a href="https://a.example">') == []
    assert IN_STYLE.findall("@font-face {src: url(https://a.example/x.woff)}") != []
    assert IN_STYLE.findall("a {background: url(x.png)}") == []


def test_cells_of_tables_show_bars_as_they_are_and_names_broken_at_their_parts(site):
    page = (site / "cli.html").read_text("utf-8")
    assert "&lt;uniform|<wbr>popular&gt;" in page
    assert not [cell for cell in re.findall(r"<td.*?</td>", page, re.DOTALL) if r"\|" in cell]
    options = (site / "models" / "hope.html").read_text("utf-8")
    assert "<td><code>profile.<wbr>category_<wbr>share</code></td>" in options
    assert re.search(r'<td class="prose">[^<]{20}', page)
    assert re.search(r'<td class="names"><code>tests/', (site / "papers.html").read_text("utf-8"))
    assert "from 1 to 1,000" in (site / "http.html").read_text("utf-8")


def test_options_short_names_and_pairs_of_figures_stay_whole_and_long_names_break_at_their_parts(site):
    cli = (site / "cli.html").read_text("utf-8")
    assert '<code><span class="whole">--help</span></code>. Exit codes' in cli
    assert '<td class="phrase"><code><span class="whole">--annotations</span> &lt;path&gt;</code></td>' in cli
    model = (site / "models" / "item-knn.html").read_text("utf-8")
    assert "<code>kartograph.<wbr>models.<wbr>neighbours.<wbr>item_<wbr>knn.<wbr>ItemKNN</code>" in model
    assert '<code class="whole">item-knn-tfidf</code></td>' in model
    assert "<td>HR@20&nbsp;/ MRR@20</td>" in model
    assert "GET /v1<wbr>/users<wbr>/{id}<wbr>/recommendations" in (site / "http.html").read_text("utf-8")
    statements = (site / "queries" / "index.html").read_text("utf-8")
    assert ">recommend/<wbr>by_<wbr>personalised_<wbr>pagerank.<wbr>cypher</a>" in statements


def test_lists_are_lists_on_the_page_too(site):
    """Markdown of the site wants an empty line before a list, which the repository's does not."""
    run_together = {page.name for page in site.rglob("*.html") if re.search(r"^- ", _prose(page), re.MULTILINE)}
    assert run_together == set()


def _prose(page: Path) -> str:
    return re.sub(r"<pre.*?</pre>", "", page.read_text("utf-8"), flags=re.DOTALL)


def test_flow_charts_are_drawn_in_the_page_and_stay_charts_in_its_markdown(site):
    for page in (ROOT / "docs").glob("*.md"):
        text = page.read_text("utf-8")
        charts = text.count("```mermaid")
        html = (site / page.name).with_suffix(".html").read_text("utf-8")
        assert html.count('class="flowchart"') == charts
        assert 'class="mermaid"' not in html
        assert (site / page.name).read_text("utf-8").count("```mermaid") == charts
    drawn = (site / "preaddl.html").read_text("utf-8")
    boxes = re.findall(r'\["([^<"]+)<br/>', (ROOT / "docs" / "preaddl.md").read_text("utf-8"))
    assert len(boxes) == drawn.count("<rect ") > 15
    assert all(f">{box}</text>" in drawn for box in boxes)


def test_every_page_is_there_as_markdown_with_links_that_lead_somewhere(site):
    pages = sorted(page.relative_to(site) for page in site.rglob("*.html"))
    for page in pages:
        name = page.with_name("README.md") if page.parts == ("queries", "index.html") else page.with_suffix(".md")
        text = (site / name).read_text("utf-8")
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
        for link in re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", prose):
            assert (site / name).parent.joinpath(link).exists(), (name, link)


def test_the_list_for_programs_names_every_page_of_the_navigation_and_the_whole_holds_them(site):
    listed = (site / "llms.txt").read_text("utf-8")
    assert listed.startswith("# Kartograph\n\n> ")
    named = re.findall(r"^- \[[^]]+\]\(([^)]+)\): \S.*$", listed, re.MULTILINE)
    models = {f"models/{page.name}" for page in (ROOT / "docs" / "models").glob("*.md")}
    assert set(named) == models | set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8")))
    assert {"models/stan.md", "models/mcprhrec.md"} < models
    whole = (site / "llms-full.txt").read_text("utf-8")
    assert all((site / page).read_text("utf-8") in whole for page in named)


@pytest.mark.slow
def test_pages_opened_from_a_folder_load_nothing_else_and_find_what_is_searched(site, tmp_path):
    with chromium(tmp_path) as browser:
        browser.get((site / "recipes.html").as_uri())
        search = browser.find_element("css selector", ".md-search__input")
        search.click()
        search.send_keys("mailing")
        titles = "return [...document.querySelectorAll('.md-search-result__item h1')].map(one => one.textContent)"
        WebDriverWait(browser, PATIENCE).until(lambda _: "Start" in browser.execute_script(titles))
        loaded = browser.execute_script(
            "return [...document.querySelectorAll('script, img, iframe, link[rel~=stylesheet], link[rel~=icon]')]"
            ".map(one => one.src || one.href).filter(one => one)"
        )
        assert len(loaded) > 3
        assert all(name.startswith("file:") for name in loaded)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_or_lacks_a_picture_at_the_width_of_a_desk_and_of_a_phone(site, tmp_path, width):
    """KARTOGRAPH_SCREENSHOTS names a folder that keeps a picture of each page."""
    kept = os.environ.get("KARTOGRAPH_SCREENSHOTS")
    wrong = []
    with chromium(tmp_path) as browser:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        pages = sorted(site.rglob("*.html"))
        for page in pages:
            browser.get(page.as_uri())
            wide, high, lacking = browser.execute_script(
                "const root = document.documentElement;"
                "return [root.scrollWidth, root.scrollHeight,"
                " [...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)]"
            )
            if wide > width or lacking:
                wrong.append((str(page.relative_to(site)), wide, lacking))
            if kept:
                clip = {"x": 0, "y": 0, "width": width, "height": min(high, 16_000), "scale": 1}
                command = {"captureBeyondViewport": True, "clip": clip}
                shot = browser.execute_cdp_cmd("Page.captureScreenshot", command)
                name = "_".join(page.relative_to(site).with_suffix("").parts)
                Path(kept, f"{name}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
    assert len(pages) > 60
    assert wrong == []
