"""Makes the pictures of the documentation anew, of the real pages in a real Chromium: `python -m tests.docs.pictures`.

    python -m tests.docs.pictures            # all
    python -m tests.docs.pictures browser    # Neo4j Browser: the tour and docs/browser.md, of the shop that tests use
    python -m tests.docs.pictures window     # the demo in a terminal, its answers to the tour, its shop window
    python -m tests.docs.pictures report     # the report of an evaluation of docs/examples

The shop window and the report are taken at 1280 and at 390 pixels. Servers stand in a home of their own, which goes
with them at the end. Look at each picture before it is kept.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.text import Text
from selenium.webdriver.remote.webdriver import WebDriver
from tests.conftest import _share_servers
from tests.docs.shown import ROOT, environment
from tests.queries import small_shop
from tests.queries.browser import Browser, chromium
from tests.serving.window import WIDTHS, Window

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.managed.configuration import free_port
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import Memory, start, stop
from kartograph.queries.cells import cell
from kartograph.reference.tour import DEMO_ROWS, STOPS, picture_of

DOCS = ROOT / "docs"
COLOURS = 256
TERMINAL_WIDTH = 120
TABLES = {"browser_also_viewed.png": "recommend/also_viewed", "browser_recommended.png": "explain/recommended"}
"""Pictures of whole pages with the rows of a statement."""
STYLE = (
    "node {diameter: 60px; border-width: 2px; font-size: 11px; text-color-internal: #FFFFFF;}"
    "relationship {color: #A5ABB6; shaft-width: 1px; font-size: 9px; padding: 3px; text-color-external: #000000;"
    " text-color-internal: #FFFFFF; caption: '<type>';}"
    "node.User {color: #8E6BB0; border-color: #6F4E92; text-color-internal: #FFFFFF; caption: '{id}';}"
    "node.Session {color: #57C7E3; border-color: #23B3D7; text-color-internal: #2A2C34; caption: '{id}';}"
    "node.Item {color: #E07B39; border-color: #B85C1F; text-color-internal: #FFFFFF; caption: '{title}';}"
    "node.Category {color: #4C8C5A; border-color: #2F6B3D; text-color-internal: #FFFFFF; caption: '{code}';}"
)
"""Colours and captions of Browser's graphs, as its command `:style` takes them."""
FOLD = """
const buttons = [...document.querySelectorAll('article[data-testid=frame]')][0].querySelectorAll('button');
const fold = [...buttons].find(one => /overview/i.test(one.parentElement.textContent) && !one.textContent.trim());
if (fold) fold.click();
"""
"""Folds the panel beside the graph, which covers a part of it."""
MEMORY = Memory(heap_mib=1024, page_cache_mib=128)


def browser(chrome: WebDriver) -> None:
    """Statements of the tour as graphs, and two with their rows."""
    home = ShopDirectory.of("pictures")
    server = start(home, memory=MEMORY)
    try:
        with Graph.local("pictures") as graph:
            small_shop.fill(graph)
            page = Browser(chrome, server.state.browser, *server.auth)
            page.command(":config autoComplete: false")  # no further relationships between what came back
            page.command(f":style {STYLE}")
            for name, one in STOPS.items():
                _parameters(page, name)
                page.draw(one.diagram or queries.load(name).text)
                chrome.execute_script(FOLD)
                time.sleep(4)  # until the nodes have found their places
                _keep(
                    chrome.find_element("css selector", "article[data-testid=frame]").screenshot_as_png,
                    picture_of(name),
                )
            for file, name in TABLES.items():
                _parameters(page, name)
                page.run(queries.load(name).text)
                page.table()
                _keep(chrome.get_screenshot_as_png(), file)
    finally:
        stop(home)


def window(chrome: WebDriver) -> None:
    """What the demo prints, what it answers to the tour, and the lists of the user with most events."""
    colours = {**environment(), "FORCE_COLOR": "1", "COLUMNS": str(TERMINAL_WIDTH)}
    del colours["NO_COLOR"]
    shown = subprocess.run(["kartograph", "demo", "--no-serve"], env=colours, check=True, stdout=subprocess.PIPE)
    (DOCS / "terminal.svg").write_text(terminal(shown.stdout.decode("utf-8")), "utf-8")
    with Graph.local("demo") as graph:
        _keep_demo_rows(graph)
    port = free_port(8080)
    serving = subprocess.Popen(["kartograph", "--shop", "demo", "serve", "--port", str(port)], env=environment())
    try:
        for width in WIDTHS:
            page = Window(chrome, f"http://127.0.0.1:{port}", width)
            page.until(lambda page=page: page.open())
            page.until(lambda page=page: page.texts(".health.good"))
            time.sleep(1)  # until nothing fades any more
            _keep(chrome.get_screenshot_as_png(), "window.png" if width == WIDTHS[0] else "window_phone.png")
    finally:
        serving.terminate()
        serving.wait()
        stop(ShopDirectory.of("demo"))


def _keep_demo_rows(graph: Graph) -> None:
    """Write what the demo shop answers: for each statement the names of the columns, then the rows."""
    answers = {}
    for name, one in STOPS.items():
        rows = graph.query(queries.load(name), exact=True, **one.demo)
        answers[name] = [[*rows.columns], *([_short(value) for value in row] for row in rows.to_numpy().tolist())]
    DEMO_ROWS.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else cell(value)


def terminal(printed: str) -> str:
    """Return what the demo prints up to its questions as SVG, a terminal's colours kept; it loads no font."""
    console = Console(record=True, width=TERMINAL_WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text("$ kartograph demo", style="bold"))
    lines = Text.from_ansi(printed).split()
    end = next(row for row, line in enumerate(lines) if "questions to paste" in line.plain)
    for line in lines[:end]:
        line.plain = re.sub(r"/\S+/shops/", "~/kartograph/shops/", line.plain)
        console.print(line, soft_wrap=True)
    diagram = console.export_svg(title="kartograph demo", unique_id="demo")
    return re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", diagram, flags=re.DOTALL).replace("Fira Code, ", "")


def report(chrome: WebDriver) -> None:
    """The page of one evaluation."""
    models = "stan,markov,item-knn,popularity"
    with tempfile.TemporaryDirectory() as folder:
        events = str(DOCS / "examples" / "events.csv")
        _command("evaluate", "last-week", events, "--models", models, "--test-days", "42", "--item-events", "1")
        _command("report", "--out", folder)
        page = next(Path(folder).glob("*.html"))
        for width, file in zip(WIDTHS, ("report_desktop.png", "report_phone.png"), strict=True):
            Window(chrome, "", width)
            chrome.get(page.as_uri())
            time.sleep(1)
            _keep(chrome.get_screenshot_as_png(), file)


def _parameters(page: Browser, name: str) -> None:
    for parameter, expression in queries.load(name).shown.items():
        page.run(f":param {parameter} => {expression}")


def _command(*words: str) -> None:
    subprocess.run(["kartograph", *words], env=environment(), check=True)


def _keep(png: bytes, file: str) -> None:
    """Keep a picture with few colours, in which it is a third as large."""
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(DOCS / file, optimize=True)
    print(f"docs/{file}: {picture.width} x {picture.height}, {(DOCS / file).stat().st_size:,} bytes")


if __name__ == "__main__":
    makers: dict[str, Callable[[WebDriver], None]] = {"browser": browser, "window": window, "report": report}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KARTOGRAPH_HOME"] = folder
        _share_servers(Path(folder))
        for name in sys.argv[1:] or makers:
            with chromium(Path(folder) / f"chromium-{name}") as chrome:
                makers[name](chrome)
