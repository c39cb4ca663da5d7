"""An ontology with its individuals, written into a shop beside what it holds; loading again replaces them.

python -m kartograph.loaders.ontology films.ttl --clusters 5
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from kartograph.graph.connection import Graph
from kartograph.loaders.shared.computed import compute, counts_of
from kartograph.loaders.shared.dry_run import refusals_of
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen
from kartograph.loaders.specifications.ontology import LOADER, OntologyOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import Contents, contents_of
from kartograph.ontology.files.reading import SUFFIXES, SUFFIXES_OF_PACKED, merged, read_rdf
from kartograph.ontology.graph.ids import graph_ids
from kartograph.ontology.graph.loss import refuse_loss
from kartograph.ontology.graph.write import write_ontology
from kartograph.ontology.owl.labels import languages_of
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.report import Report
from kartograph.tables.whole import make_private


def write(
    graph: Graph | None,
    path: str | Path,
    options: OntologyOptions | None = None,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> Report:
    """Read an ontology and write it into a graph; a dry run writes nothing and says what the load would come to.

    A dry run without a graph does not say whether the load would take too many individuals away.

    Raises
    ------
    BadInput
        The file or an option cannot be used, or too many individuals are rejected.
    """
    options = options or OntologyOptions()
    limit, languages = RejectLimit.parse(options.max_rejects), languages_of(options.language)
    measure = Measure.named(options.measure)
    report = Report(source=LOADER.name)
    progress(f"Reading {Path(path).name}")
    rdf = read_rdf(Path(path))
    if options.annotations is not None:
        rdf = merged(rdf, read_rdf(options.annotations))
    if graph is None or dry_run:
        contents = contents_of(rdf, languages=languages)
        report.counts |= {name: len(of) for name, of in contents.catalogue.classes.items()}
        if contents.rejected:
            report.counts["rejected"] = len(contents.rejected)
        report.refusals = refusals_of(lambda: contents.check(limit), loss_of(graph, contents, options.allow_shrink))
    else:
        written, contents = write_ontology(
            graph, rdf, languages=languages, limit=limit, allow_shrink=options.allow_shrink, progress=progress
        )
        ids = graph_ids(graph, contents.catalogue.items.ids)
        report.counts |= counts_of(written)
        report.counts["items matched by the end of their IRI"] = int((ids != contents.catalogue.items.ids).sum())
        report.steps["write"] = round(written.seconds, 2)
        report.counts |= compute(graph, contents.catalogue, measure, options.neighbours, options.clusters, progress)
    if options.rejects is not None:
        _write_rejects(contents, options.rejects, report)
    report.remarks += remarks_of(contents)
    report.finish()
    return report


load = LOADER.load


def loss_of(graph: Graph | None, contents: Contents, allow_shrink: bool) -> Callable[[], None]:
    """What raises `BadInput` where an ontology would take too many individuals of a graph away."""
    return lambda: None if graph is None else refuse_loss(graph, contents.catalogue, allow_shrink)


def remarks_of(contents: Contents) -> list[str]:
    """What was rejected, a line for each cause, and what was left alone."""
    count = len(contents.rejected)
    rejected = [f"{count:,} individual{'s' if count > 1 else ''} rejected: {'; '.join(contents.causes())}"]
    return [*(rejected if count else []), *contents.notes]


def recognize(seen: Seen) -> Sequence[Match]:
    """Recognise one file of an ontology by its name, or by how it begins."""
    if len(seen.files) != 1:
        return []
    file = seen.files[0]
    name = file.name.lower()
    for packed in SUFFIXES_OF_PACKED:
        name = name.removesuffix(packed)
    suffix = Path(name).suffix
    if (suffix in SUFFIXES and suffix != ".json") or suffix in (".owl", ".n3"):
        return [Match(f"the name ends in {suffix}")]
    head = b"\n".join(seen.lines.get(file, [])[:200])
    for mark in (b"@prefix", b"<rdf:RDF", b"http://www.w3.org/2002/07/owl#", b'"@context"'):
        if mark in head:
            return [Match(f"the file has {mark.decode()}")]
    return []


def _write_rejects(contents: Contents, path: Path, report: Report) -> None:
    """Write every triple for which an individual was rejected to a CSV file; without any, remove a former one."""
    try:
        path.unlink(missing_ok=True)
        if contents.violations:
            make_private(path.parent)
            pd.DataFrame([asdict(violation) for violation in contents.violations]).to_csv(path, index=False)
            report.rejects_file = path
    except OSError as error:
        raise BadInput(
            f"rejected individuals cannot be written to {path}: {error.strerror}; name another file"
        ) from error


if __name__ == "__main__":
    sys.exit(LOADER.main())
