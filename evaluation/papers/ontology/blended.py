"""The ontology blended with co-borrowing and PageRank, for all readers and for books nobody has borrowed."""

from typing import Any

import numpy as np

from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.evaluation.papers.ontology.readers import ReaderCases, reader_cases
from kartograph.evaluation.papers.ontology.study import Study
from kartograph.evaluation.papers.ontology.worth import blend_options
from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap
from kartograph.evaluation.statistics.significance import compare
from kartograph.models.array_model import ArrayModel
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.blend.ontology_blend import OntologyBlend, OntologyBlendOptions
from kartograph.models.neighbours.item_knn import ItemKNN
from kartograph.models.patterns.markov import Markov, MarkovOptions
from kartograph.ontology.compare.columns import Measure

CUT = 0.8
"""Learned on the first 80 % of the visits; the blend's weights were chosen on cuts within these."""
LENGTHS = (3, 20)


def models(study: Study) -> dict[str, ArrayModel]:
    """The blend, its parts alone, and what it is held against; new is what the part to learn from calls new."""
    visits = study.data.visits.drop_duplicates("session")
    year = int(visits["day"].sort_values().iloc[: int(CUT * len(visits))].dt.year.median())
    space = study.space_in(study.catalogue_of(year), Measure.EED1, study.reading(Measure.EED1))
    return {
        "ontology blend": OntologyBlend(space, blend_options(space)),
        "ontology alone": OntologyBlend(space, OntologyBlendOptions(ontology=1, co_borrowing=0, pagerank=0, newness=0)),
        "Markov 1": Markov(MarkovOptions(order=1)),
        "Markov 2": Markov(MarkovOptions(order=2)),
        "item-kNN": ItemKNN(),
        "popularity": Popularity(),
    }


def blended(study: Study) -> dict[str, Any]:
    """Rows by model (`all`, `known readers`, `new readers`, `new books`: hit rates), and the tests between the models.

    `new books` is the hit rate of cases that have right answers which nobody had borrowed before the cut, of these
    answers alone.
    """
    assert study.data.books is not None
    asked = reader_cases(study.data.books.visits, study.catalogue.items.ids, CUT)
    rows, hits = [], {}
    for name, model in models(study).items():
        study.progress(f"Readers in time: {name}")
        figures, hit = _figures(model, asked)
        rows.append({"model": name} | figures)
        hits[name] = hit
    units = {name: np.bincount(asked.cases.owners, hit.astype(float)) for name, hit in hits.items()}
    return {
        "rows": rows,
        "cases": len(asked.cases),
        "cases with new books": int((np.diff(asked.new_books.offsets) > 0).sum()),
        "cases of new readers": int((~asked.known_reader).sum()),
        "significance": compare(units),
        "intervals": {name: _interval(hit, asked, study.options.seed) for name, hit in hits.items()},
    }


def _figures(model: ArrayModel, asked: ReaderCases) -> tuple[dict[str, float], np.ndarray]:
    cases = asked.cases
    model.fit(asked.data)
    figures: dict[str, float] = {}
    hit = np.zeros(len(cases))
    for k in LENGTHS:
        top = model.rank(cases.queries, k, cases.owners, cases.masked)
        figures_of_cases, new = case_figures(top, cases.truth), case_figures(top, asked.new_books)
        hit = figures_of_cases.hit_rate
        figures[f"HR@{k}"] = float(hit.mean())
        figures[f"HR@{k} known readers"] = _mean(hit[asked.known_reader])
        figures[f"HR@{k} new readers"] = _mean(hit[~asked.known_reader])
        figures[f"HR@{k} new books"] = _mean(new.hit_rate[np.diff(asked.new_books.offsets) > 0])
        figures[f"MRR@{k}"] = float(figures_of_cases.reciprocal_rank.mean())
    return figures, hit


def _mean(hits: np.ndarray) -> float:
    """The hit rate; 0 where there is no such case."""
    return float(hits.mean()) if len(hits) else 0.0


def _interval(hit: np.ndarray, asked: ReaderCases, seed: int) -> list[float]:
    low, high = bootstrap(UnitSums.of(hit[:, None], asked.cases.owners), seed)
    return [float(low[0]), float(high[0])]
