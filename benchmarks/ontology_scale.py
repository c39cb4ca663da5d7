"""Time and memory of similarities at size, of trying weights, and of loading a million triples into the graph.

    python benchmarks/ontology_scale.py similar --items 200000 --rows 2000
    python benchmarks/ontology_scale.py weigh --items 6000 --sessions 4000
    python benchmarks/ontology_scale.py weigh --library FOLDER
    python benchmarks/ontology_scale.py load --triples 1000000 --shop bench

`similar` makes a catalogue by chance and finds the ten nearest of every item, or of the first `--rows` items, whose
time is then scaled up. `weigh` tries sets of weights on sessions, as the genetic algorithm does, beside comparing all
items anew for each set: the ratio of their times is of one run. `load` writes an ontology of books and authors into the
shop's graph and reads it back.
"""

import argparse
import resource
import time
from pathlib import Path

import numpy as np
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.stack import Stack, stack_of, successes_of_weights
from kartograph.ontology.owl.individuals import Catalogue, catalogue_of
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space, Unknown, blocks, finish, nearest_of, space_of
from kartograph.ontology.success import session_success

BASE = "urn:bench#"
ONTOLOGY = f"""@prefix : <{BASE}> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Book a owl:Class ; kg:isTarget true . :Author a owl:Class .
:year a owl:DatatypeProperty ; rdfs:domain :Book ; kg:kind kg:Numeric .
:price a owl:DatatypeProperty ; rdfs:domain :Book ; kg:kind kg:Numeric .
:genre a owl:DatatypeProperty ; rdfs:domain :Book ; kg:kind kg:NominalSet .
:by a owl:ObjectProperty ; rdfs:domain :Book ; rdfs:range :Author ; kg:kind kg:Linked .
:born a owl:DatatypeProperty ; rdfs:domain :Author ; kg:kind kg:Numeric .
"""


def catalogue(items: int, seed: int = 0) -> Catalogue:
    """Books with a year, a price in cents, one or two genres, and one author of five books on average."""
    rng = np.random.default_rng(seed)
    ids, authors = np.arange(items).astype(str), np.arange(items // 5 + 1).astype(str)
    twice = np.flatnonzero(rng.random(items) < 0.3)
    genres = np.array([f"genre {n}" for n in range(30)], dtype=object)
    return catalogue_of(
        schema_of(Graph().parse(data=ONTOLOGY, format="turtle")),
        {"Book": ids, "Author": authors},
        {},
        {
            "Book": {
                "year": (ids, rng.integers(1850, 2026, items)),
                "price": (ids, rng.integers(100, 9000, items) / 100),
                "genre": ([*ids, *ids[twice]], genres[rng.integers(0, 30, items + len(twice))]),
                "by": (ids, rng.choice(authors, items)),
            },
            "Author": {"born": (authors, rng.integers(1820, 2000, len(authors)))},
        },
    )


def similar(items: int, rows: int) -> None:
    """Time the neighbours by two measures."""
    shelf = catalogue(items)
    for measure in (Measure.EED1, Measure.ECS):
        space: Space = space_of(shelf, measure, unknown=Unknown.EXPECTED)
        nearest_of(space, np.arange(2), 10)  # compiles
        started, done = time.perf_counter(), 0
        for part in blocks(items):
            nearest_of(space, part, 10)
            done += len(part)
            if done >= rows:
                break
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{measure}: {done:,} of {items:,} items in {seconds:.1f} s, all in {seconds * items / done:,.0f} s; "
            f"peak memory {peak:.2f} GiB",
            flush=True,
        )


def weigh(items: int, count: int, sets: int, folder: Path | None) -> None:
    """Time sets of weights by the stack, and by all similarities of each set, on the books by chance or a library's."""
    from kartograph.evaluation.papers.ontology.data import library
    from kartograph.evaluation.papers.ontology.study import ProtocolOptions, Study

    rng = np.random.default_rng(0)
    if folder is None:
        space = space_of(catalogue(items), Measure.EED1, unknown=Unknown.EXPECTED)
        sampled = np.sort(rng.choice(items, (count, 3)), axis=1)
        sampled = rng.permuted(sampled[(np.diff(sampled, axis=1) > 0).all(axis=1)], axis=1)
        sessions = Sessions(np.arange(0, sampled.size + 1, 3), sampled.ravel())
    else:
        study = Study(library(folder), ProtocolOptions())
        space, sessions = study.space(Measure.EED1, Unknown.EXPECTED), study.sessions
    stack = stack_of(space, np.unique(sessions.items[sessions.starts[:-1]]))
    weights = np.round(rng.random((sets, len(space.columns))), 2)
    successes_of_weights(stack, sessions, weights[:1], suggestions=3)  # compiles
    started = time.perf_counter()
    successes = successes_of_weights(stack, sessions, weights, suggestions=3)
    quick = time.perf_counter() - started
    started = time.perf_counter()
    all_items = _by_all_items(stack, sessions, weights)
    slow = time.perf_counter() - started
    print(
        f"{sets} sets of weights, {len(sessions):,} sessions, {len(space):,} items, {len(space.columns)} attributes: "
        f"{quick / sets * 1000:.1f} ms a set, comparing all items {slow / sets * 1000:.1f} ms, "
        f"ratio {slow / quick:.1f}; sessions that differ: {(successes != all_items).any(axis=0).sum()}; "
        f"success {successes.mean():.4f}"
    )


def _by_all_items(stack: Stack, sessions: Sessions, weights: np.ndarray) -> np.ndarray:
    """Success (sets × sessions) by a matrix product over the attributes and the similarities of all items."""
    squared, successes = (weights**2).astype(np.float32), np.zeros((len(weights), len(sessions)))
    rows = np.searchsorted(stack.rows, sessions.items[sessions.starts[:-1]])
    order = np.argsort(rows, kind="stable")
    rows, later = rows[order], sessions.after(1).select(order)
    for start in range(0, len(stack.rows), 64):
        chosen = np.arange(start, min(start + 64, len(stack.rows)))
        low, high = np.searchsorted(rows, [start, chosen[-1] + 1])
        block = stack.values[:, chosen]
        totals = (squared @ block.reshape(len(block), -1)).reshape(len(weights), *block.shape[1:])
        part = later.select(np.arange(low, high))
        for one, total in enumerate(totals):
            finish(stack.space, total, stack.space.side.take(stack.rows[chosen]), squared[one])
            total[np.arange(len(chosen)), stack.rows[chosen]] = -np.inf
            successes[one, order[low:high]] = session_success(total, rows[low:high] - start, part, 3)
    return successes


def load(triples: int, shop: str) -> None:
    """Time the way into the graph and back."""
    from kartograph.graph.connection import Graph as Shop
    from kartograph.ontology.files.rdf import rdf_of
    from kartograph.ontology.graph.export import read_ontology
    from kartograph.ontology.graph.write import write_ontology

    started = time.perf_counter()
    ontology = Graph().parse(data=ONTOLOGY, format="turtle")
    rdf = rdf_of(catalogue(triples // 8), ontology, lambda name, one: f"{BASE}{name}/{one}")
    assert (URIRef(f"{BASE}Book/0"), RDF.type, URIRef(f"{BASE}Book")) in rdf
    assert (URIRef(f"{BASE}Book/0"), RDFS.label, Literal("0")) in rdf
    print(f"{len(rdf):,} triples made in {time.perf_counter() - started:.1f} s", flush=True)
    with Shop.local(shop) as graph:
        started = time.perf_counter()
        written, _ = write_ontology(graph, rdf)
        seconds = time.perf_counter() - started
        print(f"written in {seconds:.1f} s, {len(rdf) / seconds:,.0f} triples/s: {written}", flush=True)
        started = time.perf_counter()
        back = read_ontology(graph)
        print(f"{len(back):,} triples read back in {time.perf_counter() - started:.1f} s", flush=True)
        # No node is blank, so equal sets of triples are isomorphic graphs.
        print(f"triples that only one side has: {len(set(back) ^ set(rdf)):,}", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("similar")
    one.add_argument("--items", type=int, default=200_000)
    one.add_argument("--rows", type=int, default=2_000, help="items whose neighbours are found (default: 2000)")
    weights = commands.add_parser("weigh")
    weights.add_argument("--items", type=int, default=6_000)
    weights.add_argument("--sessions", type=int, default=4_000)
    weights.add_argument("--sets", type=int, default=50, help="sets of weights (default: 50)")
    weights.add_argument("--library", type=Path, help="a library's folder, in place of books by chance")
    other = commands.add_parser("load")
    other.add_argument("--triples", type=int, default=1_000_000)
    other.add_argument("--shop", default="bench")
    arguments = parser.parse_args()
    if arguments.command == "similar":
        similar(arguments.items, arguments.rows)
    elif arguments.command == "weigh":
        weigh(arguments.items, arguments.sessions, arguments.sets, arguments.library)
    else:
        load(arguments.triples, arguments.shop)


if __name__ == "__main__":
    main()
