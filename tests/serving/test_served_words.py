"""The MCP server, driven by the protocol's own client over standard input and output."""

import asyncio
import sys
from typing import Any

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport

from kartograph.queries import Statement
from kartograph.serving.words.statements import kind_of, names, rows_of
from kartograph.tables.errors import ServerError

pytestmark = pytest.mark.server
ROWS = 3


def asked(served, *calls: tuple[str, dict[str, Any]]) -> tuple[dict[str, Any], list[Any]]:
    """The tools by name, and the answer to each call."""
    command = ["-c", "from kartograph.cli import main; main()", "mcp", "--rows", str(ROWS)]
    command += ["--url", str(served.client.base_url)]

    async def ask() -> tuple[dict[str, Any], list[Any]]:
        async with Client(StdioTransport(sys.executable, command, env=served.environment)) as client:
            tools = {tool.name: tool for tool in await client.list_tools()}
            return tools, [await client.call_tool(*call, raise_on_error=False) for call in calls]

    return asyncio.run(ask())


@pytest.mark.slow
def test_statements_and_calls_are_tools_with_typed_parameters_that_only_read(served) -> None:
    tools, [neighbours, top, user, session, why] = asked(
        served,
        ("explore_item_neighbours", {"item": "101", "k": 2}),
        ("explore_top_items", {"k": 1000}),
        ("recommend_user", {"user": "6", "k": 500}),
        ("recommend_session", {"items": ["101"], "k": 2}),
        ("why_recommended", {"item": "102", "session": ["101"]}),
    )
    assert {name.replace("/", "_") for name in names()} < set(tools)
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    schema = tools["explore_item_neighbours"].input_schema
    assert {name: one["type"] for name, one in schema["properties"].items()} == {"item": "string", "k": "integer"}
    assert schema["required"] == ["item"]
    assert [row["item"] for row in neighbours.structured_content["rows"]] == ["103", "102"]
    assert len(top.structured_content["rows"]) == ROWS
    assert len(user.structured_content["items"]) == ROWS
    assert [item["item_id"] for item in session.structured_content["items"]] == ["102", "103"]
    assert why.structured_content["paths"][0]["item_id"] == "101"


@pytest.mark.slow
def test_what_cannot_be_answered_is_said(served) -> None:
    _, [wrong, missing, nothing] = asked(
        served,
        ("explore_top_items", {"k": "many"}),
        ("explore_item_neighbours", {}),
        ("similar_items", {"item": "a/b"}),
    )
    assert all(one.is_error for one in (wrong, missing, nothing))
    assert "valid integer" in wrong.content[0].text
    assert "item" in missing.content[0].text
    assert nothing.content[0].text == 'the shop has no item "a/b"'


def test_no_statement_that_changes_the_graph_is_a_tool() -> None:
    chosen = names()
    assert "explore/top_items" in chosen
    assert not {name for name in chosen if name.split("/")[1].startswith(("delete", "write", "put", "keep", "forget"))}
    assert [kind_of(one) for one in ("5", "0.5", '"a"', '["a"]', "{a: 1}", "true")] == [
        int,
        float,
        str,
        list[str],
        dict[str, Any],
        bool,
    ]


def test_a_statement_that_takes_too_long_is_ended_and_says_so(connected) -> None:
    text = "UNWIND range(1, 10000000000) AS one RETURN count(one) AS ones"
    endless = Statement("explore/endless", text, text, frozenset())
    with pytest.raises(ServerError, match=r"explore/endless took longer than 0.5 seconds .* more --seconds"):
        rows_of(connected, endless, ROWS, 0.5, {})
