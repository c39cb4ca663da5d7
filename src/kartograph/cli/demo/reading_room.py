"""The demo of an ontology: a reading room whose books are suggested by what is known of them and their authors."""

import time
from typing import TYPE_CHECKING

from kartograph.cli.demo.stages import end, print_counts, step, train_served
from kartograph.cli.shared.console import notes, out, print_frame, shown_progress

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.loaders.generated.reading_room import Room
    from kartograph.ontology.annotate import Annotations
    from kartograph.ontology.owl.individuals import Catalogue
    from kartograph.ontology.similarity import Space
    from kartograph.tables.progress import Progress

SHOP = "demo-books"
SERVED = ("item-knn", "stan", "popularity")
"""Models whose lists stand side by side in the shop window."""
TO_PASTE = ("ontology/user_path", "ontology/items_like", "ontology/neighbourhood")
"""Statements that the demo offers for pasting: a reader's books, what is like one of them, what is around an author."""
CLUSTERS = 8
VISITORS = 3


def show_reading_room(seed: int, serve: bool | None) -> None:
    """Run the demo; see the command."""
    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory

    home = ShopDirectory.of(SHOP)
    began = time.perf_counter()
    with shown_progress() as progress:
        with step("1. A reading room is generated, and its borrowings loaded in bulk"):
            room, counts = _loaded(home, seed, progress)
            print_counts(counts)
        with Graph.local(SHOP, progress) as graph:
            with step("2. Its ontology is annotated and loaded"):
                annotations, counts = _described(graph, home.folder / "sample", progress)
                _print_annotations(annotations)
                print_counts(counts)
            with step("3. What counts is learned from the visits"):
                catalogue, space, weights = _weighed(graph, progress)
                print_frame(_as_frame(weights), "How much each attribute counts")
            with step("4. Books are suggested"):
                reader, shown = _suggested(room, catalogue, space, weights)
            for heading, frame in shown.items():
                print_frame(frame, heading)
            with step("5. Models are trained for the shop window"):
                train_served(graph, SHOP, SERVED)
    book = room.borrowings.loc[room.borrowings["reader"] == reader, "book"].iloc[-1]
    author = room.authors["author"].iloc[room.books.set_index("book")["author"][book]]
    out.print(f'Ask for others: kartograph --shop {SHOP} suggest --seen "{_title(room, book)}"', soft_wrap=True)
    values = {"user": reader, "item": book, "iri": _iri(author)}
    end(home, time.perf_counter() - began, TO_PASTE, values, serve)


def _loaded(home: "ShopDirectory", seed: int, progress: "Progress") -> tuple["Room", dict[str, int]]:
    """Generate the files of a reading room and load its borrowings; returns the rows of each table."""
    from kartograph.graph.managed.generations import build_lock
    from kartograph.loaders.generated.reading_room import BORROWINGS, generate
    from kartograph.loaders.registry import loader

    folder = home.folder / "sample"
    with build_lock(home, "load"):
        progress("Writing a reading room")
        room = generate(folder, seed)
        report = loader("interactions").load(
            home, folder / BORROWINGS, progress=progress, allow_shrink=True, user="reader", item="book",
            rejects=home.folder / "loads" / "demo-books-rejects.csv",
        )  # fmt: skip
    return room, report.counts


def _described(graph: "Graph", folder: "Path", progress: "Progress") -> tuple["Annotations", dict[str, int]]:
    """Annotate the ontology as `kartograph annotate --yes` does, and load it."""
    from kartograph.loaders.generated.reading_room import ONTOLOGY
    from kartograph.loaders.registry import loader
    from kartograph.ontology.annotate import propose
    from kartograph.ontology.files.reading import merged, read_rdf
    from kartograph.ontology.files.writing import write_rdf

    rdf = read_rdf(folder / ONTOLOGY)
    annotations = propose(rdf, ONTOLOGY)
    annotated = folder / ONTOLOGY.replace(".ttl", "-annotated.ttl")
    write_rdf(merged(rdf, annotations.triples), annotated)
    report = loader("ontology").load(graph, annotated, clusters=CLUSTERS, progress=progress)
    return annotations, report.counts


def _weighed(graph: "Graph", progress: "Progress") -> tuple["Catalogue", "Space", dict[str, float]]:
    """Learn what counts as `kartograph weigh` does."""
    from kartograph.ontology.compare.columns import Measure
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.export import read_ontology
    from kartograph.ontology.weights.shop_weights import learn_weights

    catalogue = contents_of(read_ontology(graph, progress)).catalogue
    learned = learn_weights(graph, catalogue, Measure.named("EED-1"), progress=progress)
    return catalogue, learned.space, learned.weights


def _suggested(
    room: "Room", catalogue: "Catalogue", space: "Space", weights: dict[str, float]
) -> tuple[str, dict[str, "pd.DataFrame"]]:
    """Suggestions to the three readers who came most often, by the last book of each; the first reader as well."""
    from kartograph.ontology.naming import row_of
    from kartograph.ontology.suggest import Suggester

    suggester = Suggester(space, weights)
    readers = room.borrowings["reader"].value_counts().index[:VISITORS].tolist()
    last = room.borrowings.groupby("reader")["title"].last()
    shown = {}
    for reader in readers:
        seen = str(space.ids[row_of(catalogue.items, last[reader])])
        frame = suggester.table([seen], 3).rename(columns={"label": "title"})
        frame["item_id"] = frame["item_id"].str.rpartition("#")[2]
        frame["score"] = frame["score"].round(3)
        shown[f'{reader} borrowed "{last[reader]}"'] = frame[["rank", "title", "item_id", "score", "reason"]]
    return readers[0], shown


def _print_annotations(annotations: "Annotations") -> None:
    import pandas as pd

    from kartograph.ontology.files.iris import local_name

    rows = [
        {"class": local_name(one.owner), "property": local_name(one.iri), "compared as": one.kind.value}
        for one in annotations.properties
        if one.kind
    ]
    print_frame(pd.DataFrame(rows), f"Items are the individuals of {local_name(annotations.target)}; their properties")
    notes.print("As `kartograph annotate FILE --yes` proposes for an ontology of your own.", highlight=False)


def _as_frame(weights: dict[str, float]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame({"attribute": list(weights), "weight": [round(weight, 3) for weight in weights.values()]})


def _title(room: "Room", book: str) -> str:
    return room.books.set_index("book")["title"][book]


def _iri(name: str) -> str:
    from kartograph.loaders.generated.reading_room import ROOM

    return str(ROOM[name])
