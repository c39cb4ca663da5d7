"""An ontology with its individuals, written into a shop beside what it holds; loading again replaces them.

python -m kartograph.loaders.ontology films.ttl --clusters 5
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from kartograph.graph.connection import Graph
from kartograph.loaders.batch import GraphBatch
from kartograph.loaders.shared.computed import compute, counts_of
from kartograph.loaders.shared.declared import arguments
from kartograph.loaders.shared.said import OntologyOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import merged, read_rdf
from kartograph.ontology.graph.write import write_ontology
from kartograph.ontology.owl.labels import languages_of
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit

NAME = "ontology"


def load(
    graph: Graph | None, path: str | Path, options: OntologyOptions | None = None, progress: Progress = silent
) -> Mapping[str, int]:
    """Read an ontology and write it into a graph; without one it is only read and checked. Returns counts by name.

    Raises
    ------
    BadInput
        The file or an option cannot be used, or too many individuals are rejected.
    """
    options = options or OntologyOptions()
    limit, languages = RejectLimit.parse(options.max_rejects), languages_of(options.language)
    measure = Measure.named(options.measure)
    rdf = read_rdf(Path(path))
    if options.annotations is not None:
        rdf = merged(rdf, read_rdf(options.annotations))
    if graph is None:
        contents = contents_of(rdf, languages=languages)
        contents.check(limit)
        return {name: len(of) for name, of in contents.catalogue.classes.items()}
    written, contents = write_ontology(
        graph, rdf, languages=languages, limit=limit, allow_shrink=options.allow_shrink, progress=progress
    )
    return counts_of(written) | compute(
        graph, contents.catalogue, measure, options.neighbours, options.clusters, progress
    )


if __name__ == "__main__":
    sys.exit(GraphBatch(NAME, __doc__ or "", load, OntologyOptions, arguments(OntologyOptions)).main())
