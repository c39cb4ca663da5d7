"""Every table of the ontology-based relational recommender on a library's real visits: what do we measure?

The paper's protocol: ten folds of sessions, suggesting one or three books from the first book of a session; a
suggestion succeeds that occurs later in the session. Weights are learned on each fold's learning sessions.
"""

from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu, wilcoxon

from kartograph.evaluation.papers.ontology.learned import Fitness, genetic_of_fold, purity_of_fold
from kartograph.evaluation.papers.ontology.scorers import by_chain, by_last_two, by_model, by_similarity, training
from kartograph.evaluation.papers.ontology.success import (
    Questions,
    by_fold,
    folds,
    from_first,
    from_last,
    success,
    summary,
)
from kartograph.loaders.books import Books, BooksOptions, books_schema, catalogue, read_books
from kartograph.models.blend.ontology_blend import OntologyBlend, OntologyBlendOptions
from kartograph.ontology.clusters import Clusters, best_k, cut, distances_of, k_medoids, tree
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.sessions import Sessions, sessions_of
from kartograph.ontology.similarity import Space, Unknown, similarity_matrix, space_of
from kartograph.ontology.weights.genetic import GeneticOptions
from kartograph.ontology.weights.purity import PurityOptions
from kartograph.tables.progress import Progress, silent

ALPHA = 0.05
BLEND = OntologyBlendOptions(year="publicationYear")
"""The tuned blend, with the year of publication as the measure of newness."""
WEIGHTED = (Measure.EED1, Measure.ECS)
"""The measures that the paper weights."""


@dataclass(frozen=True)
class ProtocolOptions:
    """How the tables are made; the defaults are the paper's, but for unknown values."""

    folds: int = 10
    seed: int = 0
    unknown: Unknown = Unknown.EXPECTED
    """What a value counts that one of two books lacks. `LEFT_OUT` is the paper's reading; on this data books of which
    nothing is known are then the most similar to everything, and almost no suggestion succeeds."""
    genetic: GeneticOptions = field(default_factory=GeneticOptions)
    purity: PurityOptions = field(default_factory=PurityOptions)
    clusters: tuple[int, ...] = (5, 10)
    thresholds: tuple[float, ...] = (1.0, 1.05, 1.1, 1.2, 1.3, 1.5, 2.0, 3.0)
    """Purity thresholds that are swept."""
    populations: tuple[int, ...] = (10, 25, 50)
    """Sizes of population that are swept, on the first fold."""
    crossovers: tuple[int, ...] = (10, 50, 100)


@dataclass
class Study:
    """The data and what several tables share."""

    folder: Path
    options: ProtocolOptions
    progress: Progress = silent
    found: dict[str, Matrix] = field(default_factory=dict)
    """By the name of a method its success, session by session (sessions × 2)."""
    found_longer: dict[str, Matrix] = field(default_factory=dict)
    """The same of methods that ask after two items; sessions of three or more."""

    @cached_property
    def books(self) -> Books:
        """The tables of the library."""
        return read_books(self.folder, BooksOptions())

    @cached_property
    def catalogue(self) -> Catalogue:
        """Books and authors."""
        return catalogue(self.books, books_schema())

    @cached_property
    def all_sessions(self) -> Sessions:
        """Readers' days, of any length."""
        return sessions_of(self.books.visits, self.catalogue.items.ids, session="visit_id", item="book_id")

    @cached_property
    def sessions(self) -> Sessions:
        """Those of two or more books."""
        return self.all_sessions.longer_than(1)

    @cached_property
    def longer(self) -> Sessions:
        """Those of three or more."""
        return self.all_sessions.longer_than(2)

    @cached_property
    def fold(self) -> NDArray[np.int64]:
        """The fold of each session of two or more."""
        return folds(len(self.sessions), self.options.folds, self.options.seed)

    @cached_property
    def fold_of_longer(self) -> NDArray[np.int64]:
        """The folds that the longer sessions have among all: what learned on a fold's sessions never saw its test."""
        return self.fold[self.sessions.sizes > 2]

    def space(self, measure: Measure, unknown: Unknown | None = None) -> Space:
        """The catalogue as a measure sees it, without columns of which this library knows nothing (price, area)."""
        full = space_of(self.catalogue, measure, unknown=unknown or self.options.unknown)
        known = tuple(column for column in full.columns if (column.codes >= 0).any())
        return Space(measure, known, full.ids, full.labels, full.matching, full.unknown)

    def matrix(self, measure: Measure, weights: dict[str, float] | None = None) -> Matrix:
        """All similarities; -1 where two books cannot be compared."""
        return np.nan_to_num(similarity_matrix(self.space(measure), weights), nan=-1.0)

    def learning(self, fold: int) -> NDArray[np.bool_]:
        """The sessions that a fold learns from."""
        return self.fold != fold


def evaluate(study: Study) -> dict[str, Any]:
    """All tables by name, a plane of the clusters and the options, ready for JSON."""
    study.progress("Reading the library")
    tables: dict[str, Any] = {"data": data_table(study)}
    chains(study)
    tables["unknown values"] = unknown_values(study)
    matrices = unweighted(study)
    tables["from the last book"] = from_last_table(study, matrices)
    tables["clusters"], layout = cluster_table(study, matrices)
    tables["weights"] = weighted(study)
    blend(study)
    tables["purity thresholds"] = threshold_table(study)
    tables["genetic sweep"] = sweep_table(study)
    tables["success"] = success_table(study)
    tables["significance"] = significance(study)
    return {"tables": tables, "layout": layout, "options": asdict(study.options)}


def data_table(study: Study) -> dict[str, float]:
    """What the paper says of its data, counted here."""
    dates = study.books.visits["date"]
    return {
        "days": int((dates.max() - dates.min()).days + 1),
        "days with a visit": int(dates.nunique()),
        "sessions": len(study.all_sessions),
        "sessions of two or more": len(study.sessions),
        "mean length of these": round(float(study.sessions.sizes.mean()), 2),
        "sessions of three or more": len(study.longer),
        "books": len(study.catalogue.items),
        "authors": len(study.catalogue.classes["Author"]),
        "books per author": round(float(study.books.authors["books"].mean()), 2),
    }


def chains(study: Study) -> None:
    """Markov chains of both orders, learned on all sessions but the fold's."""
    items = len(study.catalogue.items)
    first, longer = from_first(study.sessions), from_first(study.longer, 2)
    study.found["Markov 1"] = np.zeros((len(first), 2))
    study.found_longer["Markov 1, last two"] = np.zeros((len(longer), 2))
    study.found_longer["Markov 2"] = np.zeros((len(longer), 2))
    for fold in range(study.options.folds):
        study.progress("Markov chains (folds)", fold, study.options.folds)
        learning = study.sessions.select(study.learning(fold))
        one, two = (by_chain(learning, items, order) for order in (1, 2))
        here, there = study.fold == fold, study.fold_of_longer == fold
        study.found["Markov 1"][here] = success(first.select(here), one)
        study.found_longer["Markov 1, last two"][there] = success(longer.select(there), one)
        study.found_longer["Markov 2"][there] = success(longer.select(there), two)


def unknown_values(study: Study) -> list[dict[str, Any]]:
    """Success of the measures under each reading of unknown values."""
    rows = []
    questions = from_first(study.sessions)
    for measure in Measure:
        for unknown in Unknown:
            space = study.space(measure, unknown)
            matrix = np.nan_to_num(similarity_matrix(space), nan=-1.0)
            found = success(questions, by_similarity(matrix))
            rows.append({"measure": measure.value, "unknown": unknown.value} | summary(found, study.fold))
    return rows


def unweighted(study: Study) -> dict[Measure, Matrix]:
    """All five measures without weights."""
    matrices = {}
    first, longer = from_first(study.sessions), from_first(study.longer, 2)
    for measure in Measure:
        study.progress(f"Comparing books by {measure}")
        matrices[measure] = study.matrix(measure)
        study.found[measure.value] = success(first, by_similarity(matrices[measure]))
        if measure in WEIGHTED:
            study.found_longer[f"{measure}, last two"] = success(longer, by_last_two(matrices[measure]))
    return matrices


def from_last_table(study: Study, matrices: dict[Measure, Matrix]) -> list[dict[str, Any]]:
    """The suggestion stage of the paper: from the last book but one, the last is to be found."""
    questions = from_last(study.sessions)
    rows = [
        {"method": m.value} | summary(success(questions, by_similarity(s)), study.fold) for m, s in matrices.items()
    ]
    return [{"method": "Markov 1"} | summary(_chain_from_last(study, questions), study.fold), *rows]


def _chain_from_last(study: Study, questions: Questions) -> Matrix:
    found = np.zeros((len(questions), 2))
    for fold in range(study.options.folds):
        chain = by_chain(study.sessions.select(study.learning(fold)), len(study.catalogue.items), 1)
        here = study.fold == fold
        found[here] = success(questions.select(here), chain)
    return found


def cluster_table(study: Study, matrices: dict[Measure, Matrix]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Success and search space with clusters against without, and a plane in which the clusters can be drawn."""
    rows: list[dict[str, Any]] = []
    questions = from_first(study.sessions)
    layout: dict[str, Any] = {}
    for measure, matrix in matrices.items():
        study.progress(f"Clustering books by {measure}")
        distance = distances_of(matrix)
        merges = tree(distance)
        divisions = {f"agglomerative, {k}": cut(distance, merges, k) for k in study.options.clusters}
        if measure is Measure.EED1:
            for k in study.options.clusters:
                divisions[f"k-medoids, {k}"] = k_medoids(distance, k, seed=study.options.seed)
            chosen, scores = best_k(distance, (2, 3, 5, 8, 10, 15, 20))
            divisions[f"agglomerative, {chosen} (best silhouette {scores[chosen]:.2f})"] = cut(distance, merges, chosen)
            # Average linkage parts single books from the rest, which is nothing to look at.
            shown = f"k-medoids, {study.options.clusters[-1]}"
            layout = {"division": shown, **_layout(distance, divisions[shown], study.catalogue.items.labels)}
        whole = study.found[measure.value].mean(axis=0)
        for name, clusters in divisions.items():
            found = success(questions, by_similarity(matrix, clusters)).mean(axis=0)
            searched = -clusters.reduction(matrix[questions.seen.items])
            change = found / whole - 1
            rows.append(
                {"measure": measure.value, "clusters": name, "largest": int(clusters.sizes.max())}
                | {"success@1": 100 * found[0], "success@3": 100 * found[1]}
                | {"change@1": 100 * change[0], "change@3": 100 * change[1], "search space": 100 * searched}
            )
    return rows, layout


def _layout(distance: Matrix, clusters: Clusters, labels: NDArray[np.object_]) -> dict[str, Any]:
    """Classical multidimensional scaling to two axes (Torgerson 1952): a point and a cluster per book."""
    from scipy.sparse.linalg import eigsh

    squares = distance.astype(np.float64) ** 2
    means = squares.mean(axis=0)
    centred = -0.5 * (squares - means[:, None] - means[None, :] + means.mean())
    values, vectors = eigsh(centred, k=2, which="LA", v0=np.ones(len(distance)))
    places = vectors * np.sqrt(np.maximum(values, 0))
    return {
        "points": np.round(places[:, ::-1], 4).tolist(),
        "clusters": clusters.labels.tolist(),
        "medoids": clusters.medoids.tolist(),
        "names": [str(labels[row]) for row in clusters.medoids],
    }


def weighted(study: Study) -> list[dict[str, Any]]:
    """Weights that each fold learned, by both methods, for the two measures that the paper weights."""
    rows = []
    first, longer = from_first(study.sessions), from_first(study.longer, 2)
    for measure in WEIGHTED:
        space = study.space(measure)
        fitness = Fitness.of(space, study.sessions)
        for method in ("genetic", "purity"):
            name = f"{measure} {method}"
            study.found[name] = np.zeros((len(first), 2))
            study.found_longer[f"{name}, last two"] = np.zeros((len(longer), 2))
            for fold in range(study.options.folds):
                study.progress(f"Weights of {name} (folds)", fold, study.options.folds)
                learning = study.learning(fold)
                if method == "genetic":
                    weights, _ = genetic_of_fold(fitness, learning, study.options.genetic)
                else:
                    weights = purity_of_fold(space, study.sessions, learning, study.options.purity)
                matrix = study.matrix(measure, weights)
                here, there = study.fold == fold, study.fold_of_longer == fold
                study.found[name][here] = success(first.select(here), by_similarity(matrix))
                study.found_longer[f"{name}, last two"][there] = success(longer.select(there), by_last_two(matrix))
                rows.append({"method": name, "fold": fold} | weights)
    return rows


def blend(study: Study) -> None:
    """The ontology blended with what the learning sessions of each fold have together; asked as the chains are."""
    space = study.space(Measure.EED1)
    first = from_first(study.sessions)
    study.found["ontology blend"] = np.zeros((len(first), 2))
    for fold in range(study.options.folds):
        study.progress("Ontology blend (folds)", fold, study.options.folds)
        learning = study.sessions.select(study.learning(fold))
        model = OntologyBlend(space, BLEND).fit(training(learning, study.catalogue.items.ids))
        here = study.fold == fold
        study.found["ontology blend"][here] = success(first.select(here), by_model(model))


def threshold_table(study: Study) -> list[dict[str, Any]]:
    """Purity thresholds against success, for the first extended Euclidean distance (the paper's Table 2)."""
    rows = []
    space = study.space(Measure.EED1)
    questions = from_first(study.sessions)
    known: dict[tuple, Matrix] = {}
    for threshold in study.options.thresholds:
        found = np.zeros((len(questions), 2))
        for fold in range(study.options.folds):
            study.progress(f"Purity threshold {threshold} (folds)", fold, study.options.folds)
            options = PurityOptions(threshold=threshold, lower=min(0.9, threshold), seed=study.options.purity.seed)
            weights = purity_of_fold(space, study.sessions, study.learning(fold), options)
            key = tuple(weights.values())
            if key not in known:
                known[key] = success(questions, by_similarity(study.matrix(Measure.EED1, weights)))
            here = study.fold == fold
            found[here] = known[key][here]
        rows.append({"threshold": threshold} | summary(found, study.fold))
    return rows


def sweep_table(study: Study) -> list[dict[str, Any]]:
    """Population and crossovers of the genetic algorithm against success, on one fold (the paper's last figure)."""
    rows = []
    fitness = Fitness.of(study.space(Measure.EED1), study.sessions)
    learning = study.learning(0)
    seed = study.options.genetic.seed
    for mutation in (0.0, 0.05):
        for population in study.options.populations:
            longest = GeneticOptions(population, max(study.options.crossovers), mutation=mutation, seed=seed)
            if mutation and population != study.options.genetic.chromosomes:
                continue
            study.progress(f"Genetic algorithm with {population} chromosomes")
            _, result = genetic_of_fold(fitness, learning, longest)
            tried = np.array(result.history)
            test = fitness(result.weights[None, :], ~learning)[0]
            for crossings in study.options.crossovers:
                rows.append(
                    {"chromosomes": population, "crossovers": crossings, "mutation": mutation}
                    | {"learning success@3": 100 * float(tried[min(crossings, len(tried) - 1)])}
                    | {"test success@3 at the end": 100 * float(test), "tried at the end": result.evaluations}
                )
    return rows


def success_table(study: Study) -> list[dict[str, Any]]:
    """Every method with its success and its deviation over the folds; those after two items with `last two`."""
    rows = [{"method": name} | summary(found, study.fold) for name, found in study.found.items()]
    return rows + [{"method": n} | summary(found, study.fold_of_longer) for n, found in study.found_longer.items()]


def significance(study: Study) -> list[dict[str, Any]]:
    """Every pair of methods: Mann-Whitney on the folds (the paper's test), Wilcoxon on the sessions, which are paired.

    `better` names the method whose mean is higher where both tests at 0.05 agree, by three suggestions.
    """
    rows = []
    for found, fold in ((study.found, study.fold), (study.found_longer, study.fold_of_longer)):
        for one, other in combinations(found, 2):
            for place, suggestions in enumerate((1, 3)):
                a, b = (by_fold(found[name], fold)[:, place] for name in (one, other))
                folds_p = float(mannwhitneyu(a, b, alternative="two-sided").pvalue)
                difference = found[one][:, place] - found[other][:, place]
                sessions_p = float(wilcoxon(difference).pvalue) if np.any(np.abs(difference) > 1e-12) else 1.0
                sure = folds_p < ALPHA and sessions_p < ALPHA
                rows.append(
                    {"one": one, "other": other, "suggestions": suggestions}
                    | {"difference": float(100 * difference.mean()), "mann_whitney_p": folds_p}
                    | {"wilcoxon_p": sessions_p, "better": (one if difference.mean() > 0 else other) if sure else ""}
                )
    return rows
