"""The command `demo`: a generated shop, from nothing to recommendations that say why, and a page to look at them."""

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import notes, out, print_facts, print_frame, shown_progress

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import Home
    from kartograph.tables.progress import Progress

SHOP = "demo"
SERVED = ("item-knn", "stan", "walk")
"""Models whose lists stand side by side in the shop window."""
TO_PASTE = ("explore/user_history", "recommend/current", "explain/paths")
"""Statements that the demo offers for pasting, in the order in which they make sense."""


@app.command(epilog="Example: kartograph demo")
def demo(
    scale: Annotated[float, typer.Option(help="Size of the generated shop; 1.0 is RetailRocket's.")] = 0.015,
    seed: Annotated[int, typer.Option(help="The same seed gives the same shop.")] = 7,
    users: Annotated[int, typer.Option(min=1, help="How many active users get recommendations.")] = 500,
    serve: Annotated[
        bool | None, typer.Option(help="End with the shop window, until Ctrl-C; by default on a terminal only.")
    ] = None,
) -> None:
    """Generate a shop, load it into Neo4j, enrich it, recommend, write back, show what to ask, and serve it.

    The shop is called `demo` and replaces what a former demo left; other shops are not touched. On a terminal the
    command ends with the shop window running; elsewhere, as in a script, it prints how to open it.
    """
    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import Home

    home = Home.of(SHOP)
    began = time.perf_counter()
    with shown_progress() as progress:
        with _step("1. A shop is generated and loaded in bulk"):
            counts = _loaded(home, scale, seed, progress)
        print_facts({name.replace("_", " "): f"{count:,}" for name, count in counts.items()})
        with Graph.local(SHOP, progress) as graph:
            with _step("2. The graph is enriched"):
                print_frame(_enriched(graph, progress))
            with _step("3. Items are recommended and written back into the graph"):
                shown = _recommended(graph, users, progress)
            print_frame(shown, "The top 5 of three users, each with its reason")
            with _step("4. Models are trained for the shop window"):
                _trained(graph)
    state = _running(home)
    seconds = time.perf_counter() - began
    out.print(f"Done in {seconds:.0f} s. The server goes on; `kartograph --shop {SHOP} stop` ends it.")
    print_facts(
        {
            "Neo4j Browser": state.browser,
            "Connect URL": state.uri,
            "User": "neo4j",
            "Password": f"in {home.password_file}",
            "Shop window": f"kartograph --shop {SHOP} serve",
        }
    )
    _print_statements(shown)
    if out.is_terminal if serve is None else serve:
        _served()


@contextmanager
def _step(title: str):
    out.rule(f"[bold]{title}", align="left")
    began = time.perf_counter()
    yield
    notes.print(f"{time.perf_counter() - began:.1f} s", highlight=False)


def _loaded(home: "Home", scale: float, seed: int, progress: "Progress") -> dict[str, int]:
    """Generate the files of a shop and load them; returns the rows of each table."""
    from kartograph.graph.managed.generations import only_builder
    from kartograph.loaders.generated.sample_names import BRAND, PRICE, TITLE
    from kartograph.loaders.retailrocket import RetailRocketOptions, read
    from kartograph.loaders.sample import generate
    from kartograph.loaders.shared.guard import Allowed
    from kartograph.loaders.shared.into_graph import into_graph

    folder = home.folder / "sample"
    with only_builder(home, "load"):
        generate(folder, scale, seed, progress, named=True)
        rejects = home.folder / "loads" / "demo-rejects.csv"
        options = RetailRocketOptions(rejects=rejects, price_property=PRICE, title_property=TITLE, brand_property=BRAND)
        source = read(folder, options, progress)
        return into_graph(source, home, progress=progress, allowed=Allowed(shrink=True)).counts


def _enriched(graph: "Graph", progress: "Progress") -> "pd.DataFrame":
    import pandas as pd

    from kartograph.graph.enrichment.enrich import enrich

    return pd.DataFrame(
        [
            (step.step, round(step.seconds, 1), step.written)
            for step in enrich(graph, progress=progress)
            if step.written
        ],
        columns=["step", "seconds", "written"],
    )


def _recommended(graph: "Graph", count: int, progress: "Progress") -> "pd.DataFrame":
    """Recommend to the latest active users and write it back; returns the answers for the three who did most."""
    from kartograph import queries
    from kartograph.graph.recommendations import write_recommendations
    from kartograph.models.registry import make

    active = graph.query(queries.load("explore/most_active_users"), days=30, k=count)["user_id"].tolist()
    model = make("co-occurrence").fit(graph)
    run = write_recommendations(graph, model.name, model.portions(active, 5), progress=progress)
    out.print(f"{run.written:,} recommendations for {len(active):,} users stand in the graph as the run {run.run}.")
    return model.recommend(active[:3], k=5)


def _trained(graph: "Graph") -> None:
    """Train the models that the shop window shows, and keep them."""
    from kartograph.models.registry import make
    from kartograph.models.saved.version_files import folder_of
    from kartograph.models.saved.versions import keep

    for name in SERVED:
        keep(graph, folder_of(SHOP), name, make(name).fit(graph))
    out.print(f"{', '.join(SERVED)} stand ready.")


def _served() -> None:
    """Serve the shop until Ctrl-C; the browser opens where there is a screen."""
    from kartograph.cli.shared.serving import run_server
    from kartograph.graph.managed.configuration import free_port

    os.environ.pop("NEO4J_URI", None)  # the demo is about its own server, whichever other one is meant elsewhere
    out.rule("[bold]5. The shop is served", align="left")
    run_server(SHOP, "127.0.0.1", free_port(8080), opens_browser=True)
    out.print(f"Neo4j goes on; `kartograph --shop {SHOP} stop` ends it.")


def _running(home: "Home"):
    from kartograph.graph.managed.lifecycle import running
    from kartograph.tables.errors import ServerError

    state = running(home)
    if state is None:
        raise ServerError(f"the server of the demo ended meanwhile; see `kartograph --shop {SHOP} logs`")
    return state


def _print_statements(shown: "pd.DataFrame") -> None:
    """Print statements to paste: first the `:param` lines, then the query, with values from this shop."""
    from kartograph import queries

    best = shown.iloc[0]
    values = {"user": f'"{best["user_id"]}"', "item": f'"{best["item_id"]}"', "model": '"co-occurrence"'}
    for name in TO_PASTE:
        statement = queries.load(name)
        out.rule(f"queries/{name}.cypher", align="left", style="dim")
        for parameter, expression in statement.shown.items():
            _print_as_it_is(f":param {parameter} => {values.get(parameter, expression)}")
        _print_as_it_is(f"\n{statement.body}\n")


def _print_as_it_is(text: str) -> None:
    """Print without colours and without breaking lines, so that it can be copied whole."""
    out.print(text, markup=False, highlight=False, soft_wrap=True)
