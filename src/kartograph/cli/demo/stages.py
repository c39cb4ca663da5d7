"""What the demos share: their steps, the models of their shop windows, and how they end."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kartograph.cli.shared.console import notes, out, print_facts

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title of a step, and how long it took."""
    out.rule(f"[bold]{title}", align="left")
    began = time.perf_counter()
    yield
    notes.print(f"{time.perf_counter() - began:.1f} s", highlight=False)


def print_counts(counts: Mapping[str, int]) -> None:
    """Print how many rows came into the graph."""
    print_facts({name.replace("_", " "): f"{count:,}" for name, count in counts.items()})


def train_served(graph: "Graph", shop: str, names: Sequence[str]) -> None:
    """Train the models whose lists stand side by side in the shop window, and keep them."""
    from kartograph.models.registry import make
    from kartograph.models.saved.version_files import folder_of
    from kartograph.models.saved.versions import keep

    for name in names:
        keep(graph, folder_of(shop), name, make(name).fit(graph))
    out.print(f"{', '.join(names)} are trained.")


def end(
    home: "ShopDirectory", seconds: float, to_paste: Sequence[str], values: Mapping[str, str], serve: bool | None
) -> None:
    """Say what there is now, what can be asked and how it is removed; then serve it where that is wanted."""
    from kartograph.graph.managed.lifecycle import running
    from kartograph.tables.errors import ServerError
    from kartograph.tables.extras import advice, is_installed, message

    state = running(home)
    if state is None:
        raise ServerError(f"the server of the demo ended meanwhile; see `kartograph --shop {home.shop} logs`")
    serving = f"kartograph --shop {home.shop} serve"
    out.print(f"Done in {seconds:.0f} s. Neo4j goes on.")
    print_facts(
        {
            "Neo4j Browser": state.browser,
            "Connect URL": state.uri,
            "User": "neo4j",
            "Password file": home.password_file,
            "Shop window": serving if is_installed("serve") else f"{serving}, after {advice('serve')}",
            "Stop it": f"kartograph --shop {home.shop} stop",
            "Remove it": f"kartograph remove --shop {home.shop}",
            "Remove all": "kartograph remove --all, with the installed Neo4j",
        }
    )
    _print_statements(to_paste, values)
    if out.is_terminal if serve is None else serve:
        if is_installed("serve"):
            _serve(home.shop)
        else:
            notes.print(message("serve", "The shop window"), markup=False, highlight=False, soft_wrap=True)


def _serve(shop: str) -> None:
    """Serve the shop until Ctrl-C; the browser opens where there is a screen."""
    from kartograph.cli.shared.serving import run_server
    from kartograph.graph.managed.configuration import free_port

    os.environ.pop("NEO4J_URI", None)  # the demo is about its own server, whichever other one is meant elsewhere
    out.rule("[bold]The shop is served", align="left")
    run_server(shop, "127.0.0.1", free_port(8080), opens_browser=True)
    out.print(f"Neo4j goes on. `kartograph --shop {shop} stop` ends it,", highlight=False)
    out.print(f"`kartograph remove --shop {shop}` removes it.", highlight=False)


def _print_statements(names: Sequence[str], values: Mapping[str, str]) -> None:
    """Print statements to paste: first the `:param` lines, then the query, with values from this shop."""
    from kartograph import queries

    out.print(f"{len(names)} questions to paste into Neo4j Browser, the `:param` lines first:", highlight=False)
    for name in names:
        statement = queries.load(name)
        out.rule(f"queries/{name}.cypher", align="left", style="dim")
        for parameter, expression in statement.shown.items():
            value = values.get(parameter)
            _print_as_it_is(f":param {parameter} => {expression if value is None else _quoted(value)}")
        _print_as_it_is(f"\n{statement.body}\n")


def _quoted(value: str) -> str:
    """A text as Cypher writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _print_as_it_is(text: str) -> None:
    """Print without colours and without breaking lines, so that it can be copied whole."""
    out.print(text, markup=False, highlight=False, soft_wrap=True)
