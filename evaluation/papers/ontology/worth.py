"""What deviating from the paper is worth: differences of success, session by session, with intervals."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from kartograph.evaluation.papers.ontology.scorers import by_model, training
from kartograph.evaluation.papers.ontology.study import Study
from kartograph.evaluation.papers.ontology.success import SUGGESTIONS, from_first, success
from kartograph.evaluation.statistics.differences import differences
from kartograph.models.blend.ontology_blend import OntologyBlend, OntologyBlendOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.similarity import Space, Unknown

BLEND = OntologyBlendOptions(year="publicationYear")
"""The tuned blend, with the year of publication as the measure of newness."""
PAPER = "EED-1, unknown values left out"
"""The paper's measure, without weights."""
TUNED = "ontology blend"
DEVIATIONS = ("EED-1", "EED-1 genetic", "EED-1 purity", TUNED, "Markov 1")
PARTS = ("ontology", "co_borrowing", "pagerank", "newness")


def blend_options(space: Space) -> OntologyBlendOptions:
    """The tuned blend; without newness where the items have no year of publication."""
    return BLEND if BLEND.year in space.names else replace(BLEND, year=None, newness=0.0)


def blends(study: Study) -> dict[str, Matrix]:
    """The success of the ontology blended with what the learning sessions of each fold have together.

    The tuned blend, and the same without each of its parts; asked as the chains are.
    """
    space = study.space(Measure.EED1)
    tuned = blend_options(space)
    variants = {TUNED: tuned} | {
        f"{TUNED} without {part.replace('_', '-')}": replace(tuned, **{part: 0.0})
        for part in PARTS
        if getattr(tuned, part)
    }
    first = from_first(study.sessions)
    successes: dict[str, Matrix] = {name: np.zeros((len(first), len(SUGGESTIONS))) for name in variants}
    for fold in range(study.options.folds):
        study.progress("Ontology blend (folds)", fold, study.options.folds)
        data = training(study.sessions.select(study.learning(fold)), study.catalogue.items.ids)
        of_fold = study.fold == fold
        model = OntologyBlend(space, tuned).fit(data)
        for name, options in variants.items():
            model.options = options  # the weights of the parts are no matter of learning
            successes[name][of_fold] = success(first.select(of_fold), by_model(model))
    return successes


def worth(study: Study, of_blends: Mapping[str, Matrix]) -> list[dict[str, Any]]:
    """Success of one and of three suggestions beside the paper's measure, and of the blend beside its variants."""
    paper = study.by_reading[Measure.EED1][Unknown.LEFT_OUT]
    by_base = {
        PAPER: {PAPER: paper} | {name: study.success_of[name] for name in DEVIATIONS},
        TUNED: dict(of_blends),
    }
    sessions, rows = np.arange(len(paper)), []
    for base, successes in by_base.items():
        for position, suggestions in enumerate(SUGGESTIONS):
            values = {name: 100 * one[:, position] for name, one in successes.items()}
            apart = differences(values, base, sessions, seed=study.options.seed)
            rows += [
                {"suggestions": suggestions, "beside": base} | row
                for row in apart.reset_index().to_dict(orient="records")
            ]
    return rows
