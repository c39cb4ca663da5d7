"""How commands serve a shop: the first bundle, where people find it, and a browser where there is a screen."""

import os
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from kartograph.cli.shared.console import notes, shown_progress

if TYPE_CHECKING:
    from kartograph.serving.config import ServeConfig

PATIENCE = 60
"""Seconds in which a server has to answer before its address is said all the same."""


def run_server(
    shop_name: str,
    host: str,
    port: int,
    workers: int = 1,
    config: "ServeConfig | None" = None,
    config_file: Path | None = None,
    opens_browser: bool = False,
) -> None:
    """Serve a shop until it is asked to end; without Neo4j what was read before is served, where there is some."""
    from kartograph.cli.shared.connect import open_graph
    from kartograph.tables.extras import refuse_without

    refuse_without("serve", "the shop window")
    from kartograph.serving.config import ServeConfig
    from kartograph.serving.reach import Shop
    from kartograph.serving.server import prepare, serve
    from kartograph.tables.errors import NothingThere, ServerError, StillChanging

    shop, settings = Shop(shop_name), config or ServeConfig()
    with shown_progress() as progress:
        try:
            open_graph(shop_name, progress).close()
            prepare(shop, settings, progress)
        except (NothingThere, ServerError, StillChanging) as error:
            if not shop.paths.current.exists():
                raise
            notes.print(f"{error}; serving the last bundle that was read.", markup=False, highlight=False)
    telling = threading.Thread(target=_tell, args=(address_of(host, port), opens_browser and has_screen()), daemon=True)
    telling.start()
    serve(shop, host, port, workers, settings, config_file)


def address_of(host: str, port: int) -> str:
    """The address of a server for a browser on the same machine."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def has_screen() -> bool:
    """Whether a browser would be seen: a terminal, and a display beside it."""
    if not sys.stdout.isatty():
        return False
    display = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return display or (sys.platform == "darwin" and "SSH_CONNECTION" not in os.environ)


def _tell(address: str, opens_browser: bool) -> None:
    """Say where the window is once it answers, and open it where that is asked for."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                break
        except (URLError, OSError):
            time.sleep(0.1)
    for words in (f"Shop window: {address}/", f"Its API: {address}/docs. Ctrl-C ends it."):
        notes.print(words, markup=False, highlight=False, soft_wrap=True)
    if opens_browser:
        webbrowser.open(f"{address}/")
