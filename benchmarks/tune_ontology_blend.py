"""Searches for the weights of the ontology blend on validation data.

    python benchmarks/tune_ontology_blend.py FOLDER

FOLDER holds the tables of the Shakespeare and Company Project. Learned on the first 60 % of the visits, chosen on the
next 20 %; the last 20 % are for the evaluation and are not looked at. Prints the best options by the hit rate at 20.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np

from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.evaluation.papers.ontology.readers import reader_cases
from kartograph.loaders.books import books_schema, catalogue, read_books
from kartograph.models.blend.ontology_blend import OntologyBlend, OntologyBlendOptions
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_dense
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.similarity import Unknown, space_of

PARTS = ("ontology", "co_borrowing", "pagerank", "newness")
DRAWS = 40


def main(folder: Path) -> None:
    """Search and print."""
    books = read_books(folder)
    shelf = catalogue(books, books_schema())
    rng = np.random.default_rng(0)
    weights = np.concatenate([np.eye(4), np.array([[1, 0.1, 0.1, 0.1]]), rng.dirichlet(np.full(4, 0.5), DRAWS)])
    space = space_of(shelf, Measure.EED1, unknown=Unknown.EXPECTED)
    cut = reader_cases(books.visits, shelf.items.ids, 0.6, 0.8)
    results = []
    for sharpness, decay, age in product((0.05, 0.1), (0.9,), (2.0, 5.0)):
        options = OntologyBlendOptions(sharpness=sharpness, decay=decay, age=age, year="publicationYear", recent=20)
        model = OntologyBlend(space, options).fit(cut.data)
        parts = model.terms(cut.cases.queries, PARTS)
        for row in weights:
            total = sum(np.float32(w) * part for w, part in zip(row, parts.values(), strict=True) if w)
            top = TopK(*top_k_of_dense(np.asarray(total), 20, cut.cases.masked))
            of_cases = case_figures(top, cut.cases.truth)
            mixed = dict(zip(PARTS, row.round(3).tolist(), strict=True))
            figures = (float(of_cases.hit_rate.mean()), float(of_cases.reciprocal_rank.mean()))
            results.append((*figures, mixed, sharpness, decay, age))
        print(max(results, key=lambda r: r[0]), flush=True)
    for result in sorted(results, key=lambda r: -r[0])[:15]:
        print(result)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
