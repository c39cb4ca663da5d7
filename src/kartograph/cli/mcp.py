"""The command that lets programs ask the shop in words, by the Model Context Protocol."""

from typing import Annotated

import typer

from kartograph.cli.app import app


@app.command(epilog="Example: kartograph mcp --url http://127.0.0.1:8080")
def mcp(
    context: typer.Context,
    url: Annotated[str, typer.Option(help="Where `kartograph serve` answers, for the tools that make lists.")] = (
        "http://127.0.0.1:8080"
    ),
    key: Annotated[
        str | None,
        typer.Option(envvar="KARTOGRAPH_KEY", help="A key with the role read, where the server requires one."),
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=1_000, help="Maximum number of rows, or items, of an answer.")] = 50,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time limit of a statement in Neo4j, in seconds.")] = 30.0,
) -> None:
    """Offer the shop's questions to a program as tools over standard input and output (MCP), read-only.

    Tools are the statements of `queries/` that people ask, with typed parameters, and the lists of `kartograph serve`.
    Needs the extra `mcp`, and a running Neo4j for the statements.
    """
    from kartograph.tables.extras import refuse_without

    refuse_without("mcp", "kartograph mcp")
    from kartograph.serving.reach import Shop
    from kartograph.serving.words.server import words_server

    words_server(Shop(context.obj), url, key, rows, seconds).run(transport="stdio", show_banner=False)
