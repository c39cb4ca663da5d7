"""The command `demo`: a shop or a reading room, from nothing to recommendations and a page to look at them."""

from typing import Annotated

import typer

from kartograph.cli.app import app


@app.command(epilog="Example: kartograph demo")
def demo(
    books: Annotated[
        bool,
        typer.Option(
            "--books", help="Generate a reading room in place of the shop: books and authors, described by an ontology."
        ),
    ] = False,
    scale: Annotated[
        float | None,
        typer.Option(
            help="Size of the generated shop; 1.0 is RetailRocket's 2.8 million events.", show_default="0.015"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed: the same seed gives the same shop.")] = 7,
    users: Annotated[
        int | None,
        typer.Option(min=1, help="Number of active users who get recommendations.", show_default="500"),
    ] = None,
    serve: Annotated[
        bool | None, typer.Option(help="End with the shop window, until Ctrl-C; by default on a terminal only.")
    ] = None,
) -> None:
    """Generate a shop, load it into Neo4j, enrich it, recommend, write back, show what to ask, and serve it.

    The shop is called `demo`, the reading room `demo-books`; each replaces what a former demo left, and other shops are
    not touched. On a terminal the command ends with the shop window running; elsewhere, as in a script, it prints how
    to open it. `kartograph remove --shop demo` removes it again.
    """
    if books:
        if scale is not None or users is not None:
            raise typer.BadParameter("--scale and --users are of the shop; the reading room has one size")
        from kartograph.cli.demo.reading_room import show_reading_room

        show_reading_room(seed, serve)
        return
    from kartograph.cli.demo.shop import show_shop

    show_shop(0.015 if scale is None else scale, seed, users or 500, serve)
