"""The command that serves a shop over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import notes, shown_progress


@app.command(epilog="Example: kartograph --shop books serve --port 8080 --workers 2")
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; beyond loopback a key is required.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    config: Annotated[Path | None, typer.Option(help="Configuration: models, fallback, filters, limits.")] = None,
) -> None:
    """Serve the shop over HTTP: recommendations with filters and reasons, events and changes of items back in.

    The current versions of models answer (`kartograph train`), and fallbacks where they have nothing. /docs describes
    the calls.
    """
    from kartograph.cli.shared.connect import open_graph
    from kartograph.serving.config import ServeConfig
    from kartograph.serving.reach import Shop
    from kartograph.serving.server import prepare
    from kartograph.serving.server import serve as run
    from kartograph.tables.errors import ServerError

    settings = ServeConfig.read(config) if config is not None else ServeConfig()
    shop = Shop(context.obj)
    with shown_progress() as progress:
        try:
            open_graph(context.obj, progress).close()
            prepare(shop, progress)
        except ServerError as error:
            if not shop.paths.current.exists():
                raise
            notes.print(f"{error}; serving what was read before.", markup=False, highlight=False)
    notes.print(f"Serving on http://{host}:{port}; /docs describes the calls. Ctrl-C ends it.", highlight=False)
    run(shop, host, port, workers, settings, config)
