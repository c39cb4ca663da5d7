"""The MCP server: tools that read, over standard input and output."""

from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from kartograph.serving.reach import Shop
from kartograph.serving.words import statements
from kartograph.serving.words.calls import Calls
from kartograph.tables.errors import KartographError
from kartograph.tables.extras import refuse_without

if TYPE_CHECKING:
    from fastmcp import FastMCP

ABOUT = (
    "A shop's recommendations and the graph that they come from. Ids are text. recommend_user and the other lists "
    "need a running server; the other tools ask the graph. Nothing can be changed."
)


def words_server(shop: Shop, url: str, key: str | None, most: int, seconds: float) -> "FastMCP":
    """The server of a shop; answers have `most` rows or items, and statements `seconds` to run.

    Raises `ExtraMissing` without the extra.
    """
    refuse_without("mcp", "kartograph mcp")
    from fastmcp import FastMCP
    from fastmcp.exceptions import ToolError
    from fastmcp.tools import Tool
    from mcp.types import ToolAnnotations

    def telling(ask: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        """The tool whose errors reach the client in their words; the words of all others stay here."""

        @wraps(ask)
        def call(**values: Any) -> dict[str, Any]:
            try:
                return ask(**values)
            except KartographError as error:
                raise ToolError(str(error)) from None

        return call

    server = FastMCP("kartograph", version=version("kartograph"), instructions=ABOUT, mask_error_details=True)
    reads = ToolAnnotations(read_only_hint=True)
    for name in statements.names():
        called, ask, words = statements.tool_of(name, most, seconds, shop.connect)
        server.add_tool(Tool.from_function(telling(ask), name=called, description=words, annotations=reads))
    for call in Calls(url, key, most).all:
        server.add_tool(Tool.from_function(telling(call), annotations=reads))
    return server
