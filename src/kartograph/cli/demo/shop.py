"""The demo of a shop: generated, loaded in bulk, enriched, recommended from, and written back into the graph."""

import time
from typing import TYPE_CHECKING

from kartograph.cli.demo.stages import end, print_counts, step, train_served
from kartograph.cli.shared.answers import print_answers, with_titles
from kartograph.cli.shared.console import out, print_frame, shown_progress
from kartograph.tables.report import counted

if TYPE_CHECKING:
    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.tables.progress import Progress

SHOP = "demo"
SERVED = ("item-knn", "stan", "walk")
"""Models whose lists stand side by side in the shop window."""
TO_PASTE = ("explore/user_history", "recommend/current", "explain/paths")
"""Statements that the demo offers for pasting, in the order in which they make sense."""


def show_shop(scale: float, seed: int, users: int, serve: bool | None) -> None:
    """Run the demo; see the command."""
    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory

    home = ShopDirectory.of(SHOP)
    began = time.perf_counter()
    with shown_progress() as progress:
        with step("1. A shop is generated and loaded in bulk"):
            print_counts(_loaded(home, scale, seed, progress))
        with Graph.local(SHOP, progress) as graph:
            with step("2. The graph is enriched"):
                print_frame(_enriched(graph, progress))
            with step("3. Items are recommended and written back into the graph"):
                shown = with_titles(graph, _recommended(graph, users, progress))
            print_answers(shown, "The top 5 of three users, each with its reason")
            with step("4. Models are trained for the shop window"):
                train_served(graph, SHOP, SERVED)
    best = shown.iloc[0]
    values = {"user": str(best["user_id"]), "item": str(best["item_id"]), "model": "co-occurrence"}
    end(home, time.perf_counter() - began, TO_PASTE, values, serve)


def _loaded(home: "ShopDirectory", scale: float, seed: int, progress: "Progress") -> dict[str, int]:
    """Generate the files of a shop and load them; returns the rows of each table."""
    from kartograph.graph.managed.generations import build_lock
    from kartograph.loaders.generated.sample_names import BRAND, IMAGE, PRICE, TITLE
    from kartograph.loaders.retailrocket import RetailRocketOptions, read
    from kartograph.loaders.sample import generate
    from kartograph.loaders.shared.guard import Allowed
    from kartograph.loaders.shared.into_graph import into_graph

    folder = home.folder / "sample"
    with build_lock(home, "load"):
        generate(folder, scale, seed, progress, named=True)
        rejects = home.folder / "loads" / "demo-rejects.csv"
        options = RetailRocketOptions(
            rejects=rejects,
            price_property=PRICE,
            title_property=TITLE,
            brand_property=BRAND,
            image_property=IMAGE,
        )
        source = read(folder, options, progress)
        return into_graph(source, home, progress=progress, allowed=Allowed(shrink=True)).counts


def _enriched(graph: "Graph", progress: "Progress") -> "pd.DataFrame":
    import pandas as pd

    from kartograph.graph.enrichment.enrich import enrich

    return pd.DataFrame(
        [(one.step, round(one.seconds, 1), one.written) for one in enrich(graph, progress=progress) if one.written],
        columns=["step", "seconds", "written"],
    )


def _recommended(graph: "Graph", count: int, progress: "Progress") -> "pd.DataFrame":
    """Recommend to the latest active users and write it back; returns the answers for the three who did most."""
    from kartograph import queries
    from kartograph.graph.recommendations import write_recommendations
    from kartograph.models.registry import make
    from kartograph.models.where.conditions import for_people

    active = graph.query(queries.load("explore/most_active_users"), days=30, k=count)["user_id"].tolist()
    model = make("co-occurrence").fit(graph)
    run = write_recommendations(
        graph, model.name, model.portions(active, 5, where=for_people(), words=False), progress=progress
    )
    what = f"{counted(run.written, 'recommendation')} for {counted(len(active), 'user')}"
    out.print(f"The graph has {what}.\nTheir run is {run.run}.", highlight=False)
    return model.recommend(active[:3], k=5, where=for_people())
