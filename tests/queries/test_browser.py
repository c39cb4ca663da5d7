"""Tests of statements pasted into Neo4j Browser, as a person does it, in a real Chromium.

With KARTOGRAPH_SCREENSHOTS set to a folder, each test leaves a picture of what it saw there.
"""

import os
from pathlib import Path

import pytest
from tests.queries import small_shop
from tests.queries.browser import Browser, chromium

from kartograph import queries
from kartograph.reference.tour import STOPS

TABLES = [name for name, stop in STOPS.items() if stop.diagram]
"""Questions of the tour that are answered by rows; the others by paths, which Browser draws."""
pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    """A Chromium for the tests of this file."""
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture(scope="module")
def logged_in(window, server):
    """Neo4j Browser of the managed server after its connect form was filled in."""
    return Browser(window, server.state.browser, *server.auth)


@pytest.mark.parametrize("name", ["explore/funnel", "recommend/also_viewed", *TABLES])
def test_a_file_pasted_after_its_param_lines_shows_the_rows_kept_beside_it(logged_in, graph, name):
    small_shop.fill(graph)
    statement = queries.load(name)
    _set_parameters(logged_in, name)
    assert "Started streaming" in logged_in.run(statement.text)
    expected = small_shop.cells_of(small_shop.run(graph, name))
    shown = logged_in.table()
    if folder := os.environ.get("KARTOGRAPH_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        logged_in.window.save_screenshot(str(Path(folder) / f"{name.replace('/', '_')}.png"))
    # The first column numbers the rows; texts stand in quotation marks, and lists are spread over lines.
    assert shown[0][1:] == expected[0]
    assert len(shown) == len(expected)
    assert [_plain(cell) for row in shown[1:] for cell in row[1:]] == [
        _plain(cell) for row in expected[1:] for cell in row
    ]


@pytest.mark.parametrize("name", STOPS)
def test_every_question_of_the_tour_is_drawn_as_a_graph(logged_in, graph, name):
    small_shop.fill(graph)
    _set_parameters(logged_in, name)
    logged_in.draw(STOPS[name].diagram or queries.load(name).text)


def _set_parameters(browser: Browser, name: str) -> None:
    for parameter, expression in queries.load(name).shown.items():
        assert "Successfully set your parameters" in browser.run(f":param {parameter} => {expression}")


def _plain(cell: str) -> str:
    """Return a cell without quotation marks and blanks, whole numbers without a fraction."""
    text = "".join(cell.split()).replace('"', "")
    return "" if text == "null" else text.removesuffix(".0")
