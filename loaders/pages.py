"""Saved pages as individuals of an ontology, and the pages that show them, written into a shop beside what it holds.

    python -m kartograph.loaders.pages saved/ --patterns films.toml --table pages.csv --out films-all.ttl

With --dry-run nothing is written into the shop: the table and the ontology go to files alone.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from kartograph.graph.connection import Graph
from kartograph.loaders import ontology
from kartograph.loaders.access_log.files import log_files
from kartograph.loaders.access_log.visits import Counts, VisitOptions, page_addresses
from kartograph.loaders.saved_pages import PagesFound, read_pages, read_patterns
from kartograph.loaders.shared.computed import counts_of
from kartograph.loaders.shared.dry_run import refusals_of
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen
from kartograph.loaders.specifications.pages import LOADER, PagesOptions
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.writing import write_rdf
from kartograph.ontology.graph.computed import write_pages
from kartograph.ontology.graph.ids import individual_ids
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report

SHOWN = 5
"""Pages that were skipped and are named."""


def read(path: str | Path, options: PagesOptions, progress: Progress = silent) -> tuple[PagesFound, Counts]:
    """Read pages, and write the table, the ontology and what is missing to the files that `options` names.

    Raises
    ------
    BadInput
        There are no patterns, a file cannot be used or written, or no page names an individual.
    """
    if options.patterns is None:
        raise BadInput("nothing says where the attributes stand on the pages; give a TOML file (--patterns)")
    addresses, counts = None, Counts()
    if options.log:
        addresses = page_addresses(log_files(path), counts, VisitOptions())
    pages = read_pages(Path(path), read_patterns(options.patterns), progress, addresses=addresses)
    try:
        if options.table is not None:
            pages.pages.to_csv(options.table, index=False)
        if options.missing is not None:
            pages.missing.to_csv(options.missing, index=False)
        if options.out is not None:
            write_rdf(pages.rdf, options.out)
    except OSError as error:
        raise BadInput(f"a result cannot be written: {error}; name a file in a folder that is there") from error
    return pages, counts


def facts_of(pages: PagesFound, counts: Counts) -> dict[str, int]:
    """What the pages gave, by name."""
    facts = {
        "pages": len(pages.pages),
        "individuals": int(pages.pages["item_id"].nunique()),
        "values missing": len(pages.missing),
        "pages skipped": len(pages.skipped),
    }
    by_attribute = pd.Series(pages.missing["attribute"]).value_counts()
    facts |= {f"missing: {name}": int(count) for name, count in by_attribute.items()}
    return facts | {f"packed file that is damaged, read up to there: {words}": 1 for words in counts.damage.broken}


def write(
    graph: Graph | None,
    path: str | Path,
    options: PagesOptions | None = None,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> Report:
    """Read pages and write individuals and pages into a graph; a dry run only says what the load would come to.

    Raises `BadInput` as `read` does, and where the individuals cannot be used.
    """
    options, report = options or PagesOptions(), Report(source=LOADER.name)
    described, counts = read(path, options, progress)
    report.counts |= facts_of(described, counts)
    contents = contents_of(described.rdf)
    if graph is None or dry_run:
        report.refusals = refusals_of(contents.check, ontology.loss_of(graph, contents, options.allow_shrink))
    else:
        written, _ = write_ontology(graph, described.rdf, allow_shrink=options.allow_shrink, progress=progress)
        ids = individual_ids(graph)
        pages = described.pages.assign(item_id=described.pages["item_id"].replace(ids))
        _, shown = write_pages(graph, pages, progress)
        report.counts |= counts_of(written) | {"pages that show an item": shown}
    report.remarks += [*ontology.remarks_of(contents), *(f"skipped {words}" for words in described.skipped[:SHOWN])]
    report.finish()
    return report


load = LOADER.load


def recognize(seen: Seen) -> Sequence[Match]:
    """Recognise a folder of saved pages by the names of its files."""
    pages = [file for file in seen.files if file.suffix.lower() in (".html", ".htm")]
    return [Match(f"{len(pages):,} saved pages (.html)")] if pages and len(pages) == len(seen.files) else []


if __name__ == "__main__":
    sys.exit(LOADER.main())
