"""Time and memory of similarities at size, and of loading a million triples into the graph.

    python benchmarks/ontology_scale.py similar --items 200000 --rows 2000
    python benchmarks/ontology_scale.py load --triples 1000000 --shop bench

`similar` makes a catalogue by chance and finds the ten nearest of every item, or of the first `--rows` items, whose
time is then scaled up. `load` writes an ontology of books and authors into the shop's graph and reads it back.
"""

import argparse
import resource
import time

import numpy as np
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.individuals import Catalogue, catalogue_of
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.similarity import Space, Unknown, blocks, nearest_of, space_of

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
    other = commands.add_parser("load")
    other.add_argument("--triples", type=int, default=1_000_000)
    other.add_argument("--shop", default="bench")
    arguments = parser.parse_args()
    if arguments.command == "similar":
        similar(arguments.items, arguments.rows)
    else:
        load(arguments.triples, arguments.shop)


if __name__ == "__main__":
    main()
