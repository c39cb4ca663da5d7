"""The command that serves a shop over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app


@app.command(epilog="Example: kartograph --shop books serve --port 8080 --workers 2")
def serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; any but this machine's own requires a key (`kartograph keys add`)."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of worker processes.")] = 1,
    config: Annotated[
        Path | None,
        typer.Option(help="Configuration (TOML): models, fallback, filters, limits, experiment; see docs/serving.md."),
    ] = None,
) -> None:
    """Serve the shop over HTTP: lists with filters and reasons; events and changes of items are accepted.

    The current version of each model answers (`kartograph train`); fallbacks fill lists that it leaves short. / is the
    shop window, a page for people; /docs describes the calls.
    """
    from kartograph.cli.shared.serving import run_server
    from kartograph.tables.extras import refuse_without

    refuse_without("serve", "kartograph serve")
    from kartograph.serving.config import ServeConfig

    settings = ServeConfig.read(config) if config is not None else ServeConfig()
    run_server(context.obj, host, port, workers, settings, config)
