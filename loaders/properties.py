"""Edge lists of items, properties and values, as public benchmarks have them, as an ontology with its individuals.

    python -m kartograph.loaders.properties kg.tsv --out kg.ttl --dry-run     # --dry-run: the file alone, no shop

Layouts: a file with a row `item property value` (tab, comma or blanks between); a folder with a file per property,
`director.edgelist`, and rows `item value` (entity2rec); or a folder with `kg_final.txt`, `item_list.txt` and what else
says what its numbers mean (KGAT). A property whose values are all numbers is compared as numbers, every other one by
the identity of its values: a linked individual is its name.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from kartograph.graph.connection import Graph as Shop
from kartograph.loaders import ontology
from kartograph.loaders.edge_lists.as_ontology import rdf_of
from kartograph.loaders.edge_lists.edges import COLUMNS
from kartograph.loaders.edge_lists.numbered import EDGES, ITEMS
from kartograph.loaders.edge_lists.reading import SHOWN, SUFFIX, read
from kartograph.loaders.shared.computed import compute, counts_of
from kartograph.loaders.shared.dry_run import refusals_of
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen
from kartograph.loaders.specifications.properties import LOADER, PropertiesOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.writing import write_rdf
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import FileReport, Report


def write(
    graph: Shop | None,
    path: str | Path,
    options: PropertiesOptions | None = None,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> Report:
    """Read edge lists and write them into a graph as an ontology; a dry run only says what the load would come to.

    Raises `BadInput` as `read` and `ontology.write` do, and where too many rows are no edges.
    """
    options, report = options or PropertiesOptions(), Report(source=LOADER.name)
    measure, limit = Measure.named(options.measure), RejectLimit.parse(options.max_rejects)
    progress(f"Reading {Path(path).name}")
    edges = read(Path(path))
    count = len(edges.rejected)
    reasons = dict(pd.Series([row.reason for row in edges.rejected], dtype=object).value_counts())
    report.reads["edges"] = FileReport(list(edges.files), len(edges.rows) + edges.repeated + count, reasons)
    rejects = Rejects(options.rejects or Path("rejects.csv"), RejectLimit(share=1) if dry_run else limit)
    rejects.add(edges.rejected)
    report.rejects_file = rejects.path if count else None
    rejects.check("edges", count, report.rows)
    rdf = rdf_of(edges)
    if options.out is not None:
        write_rdf(rdf, options.out)
    if graph is None or dry_run:
        contents = contents_of(rdf)
        passed = limit.passed("edges", count, report.rows, count)
        report.counts["items"] = len(contents.catalogue.items)
        report.refusals = [
            *([passed] if passed else []),
            *refusals_of(ontology.loss_of(graph, contents, options.allow_shrink)),
        ]
    else:
        written, contents = write_ontology(graph, rdf, allow_shrink=options.allow_shrink, progress=progress)
        report.counts |= counts_of(written)
        report.counts |= compute(graph, contents.catalogue, measure, options.neighbours, options.clusters, progress)
    report.counts |= {"properties": int(edges.rows["property"].nunique()), "edges": len(edges.rows)}
    report.counts |= {"rows that say an edge again": edges.repeated} if edges.repeated else {}
    report.counts |= {"rows rejected": count} if count else {}
    report.remarks += [*edges.remarks, *(f"rejected: {row}" for row in edges.rejected[:SHOWN])]
    report.finish()
    return report


load = LOADER.load


def recognize(seen: Seen) -> Sequence[Match]:
    """Recognise `.edgelist` files, `kg_final.txt` with `item_list.txt`, or a table of `item, property, value`."""
    if seen.files and all(file.suffix == SUFFIX for file in seen.files):
        return [Match(f"{len(seen.files):,} files that end in {SUFFIX}")]
    if {EDGES, ITEMS} <= {file.name.partition(".")[0] for file in seen.files}:
        return [Match(f"the files {EDGES}.txt and {ITEMS}.txt")]
    tables = [tuple(column.lower() for column in table.columns) for table in seen.tables]
    return [Match(f"the columns {', '.join(COLUMNS)}")] if tables == [COLUMNS] else []


if __name__ == "__main__":
    sys.exit(LOADER.main())
