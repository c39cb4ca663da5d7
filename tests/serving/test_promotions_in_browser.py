"""A promotion that a person makes by pasting the query file into Neo4j Browser, in a real Chromium."""

import pytest
from tests.queries.browser import Browser, chromium
from tests.serving.conftest import serving
from tests.serving.test_served_promotions import first, until

from kartograph import queries

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(900)]
PROPERTIES = '({action: "pin", items: ["107"], until: date("2100-01-01")})'


@pytest.fixture(scope="module")
def browser(server, tmp_path_factory):
    """Neo4j Browser of the managed server, logged in."""
    with chromium(tmp_path_factory.mktemp("chromium")) as window:
        yield Browser(window, server.state.browser, *server.auth)


def test_the_pasted_file_acts_in_the_served_shop_and_so_does_the_one_that_deletes(browser, server, small_shop) -> None:
    with serving(small_shop, server.uri, server.auth, "") as usual:
        assert first(usual) == "102"
        for parameter, expression in (("id", '"spring"'), ("properties", PROPERTIES)):
            assert "Successfully set your parameters" in browser.run(f":param {parameter} => {expression}")
        for statement, shown in (("serving/put_promotion", "107"), ("serving/delete_promotion", "102")):
            browser.command(queries.load(statement).text)
            until(lambda shown=shown: first(usual) == shown)
