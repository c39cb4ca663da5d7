"""The tables of the ontology-based relational recommender, each a function of a `Study`."""

from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu, wilcoxon

from kartograph.evaluation.papers.ontology.learned import Fitness, genetic_of_fold, purity_of_fold
from kartograph.evaluation.papers.ontology.scorers import by_chain, by_last_two, by_similarity
from kartograph.evaluation.papers.ontology.study import Study
from kartograph.evaluation.papers.ontology.success import (
    Questions,
    by_fold,
    from_first,
    from_last,
    success,
    summary,
)
from kartograph.evaluation.papers.ontology.worth import TUNED, blends, worth
from kartograph.ontology.clusters import Clusters, best_k, cut, distances_of, k_medoids, tree
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.sessions import sessions_of
from kartograph.ontology.weights.genetic import GeneticOptions
from kartograph.ontology.weights.purity import PurityOptions, separates_nothing

ALPHA = 0.05
VISIT_GAPS = (1, 3, 14)
"""Days that a reader may rest within a visit; 1: a visit is what a reader borrows on one day."""
WEIGHTED = (Measure.EED1, Measure.ECS)
"""The measures that the paper weights."""


def evaluate(study: Study) -> dict[str, Any]:
    """All tables by name, a plane of the clusters and the options, ready for JSON."""
    study.progress("Reading items and visits")
    tables: dict[str, Any] = {"data": data_table(study)}
    chains(study)
    tables["unknown values"] = unknown_values(study)
    matrices = unweighted(study)
    tables["from the last book"] = from_last_table(study, matrices)
    tables["clusters"], layout = cluster_table(study, matrices)
    tables["weights"] = weighted(study)
    of_blends = blends(study)
    study.success_of[TUNED] = of_blends[TUNED]
    tables["beside the paper"] = worth(study, of_blends)
    tables["purity thresholds"] = threshold_table(study)
    tables["genetic sweep"] = sweep_table(study)
    if study.data.books is not None:
        tables["visits read otherwise"] = visits_read_otherwise(study, matrices[Measure.EED1])
    tables["success"] = success_table(study)
    tables["significance"] = significance(study)
    return {"tables": tables, "layout": layout, "options": asdict(study.options), "notes": study.notes}


def data_table(study: Study) -> dict[str, float]:
    """What the paper says of its data, counted here."""
    visits, classes = study.data.visits, study.catalogue.classes
    table: dict[str, float] = {}
    if "day" in visits:
        table["days"] = int((visits["day"].max() - visits["day"].min()).days + 1)
        table["days with a visit"] = int(visits["day"].nunique())
    table |= {
        "sessions": len(study.all_sessions),
        "sessions of two or more": len(study.sessions),
        "mean length of these": round(float(study.sessions.sizes.mean()), 2),
        "sessions of three or more": len(study.longer),
        "books" if study.data.books is not None else "items": len(study.catalogue.items),
    }
    if study.data.books is not None:
        table |= {
            "authors": len(classes["Author"]),
            "books per author": round(float(study.data.books.authors["books"].mean()), 2),
            "year of reference": study.reference_year,
            "folds with this year": study.reference_years.count(study.reference_year),
        }
    if study.data.lost:
        table["visits of items that the ontology lacks"] = study.data.lost
    return table


def chains(study: Study) -> None:
    """Markov chains of both orders, learned on all sessions but the fold's."""
    items = len(study.catalogue.items)
    first, longer = from_first(study.sessions), from_first(study.longer, 2)
    study.success_of["Markov 1"] = np.zeros((len(first), 2))
    study.success_of_longer["Markov 1, last two"] = np.zeros((len(longer), 2))
    study.success_of_longer["Markov 2"] = np.zeros((len(longer), 2))
    for fold in range(study.options.folds):
        study.progress("Markov chains (folds)", fold, study.options.folds)
        learning = study.sessions.select(study.learning(fold))
        one, two = (by_chain(learning, items, order) for order in (1, 2))
        of_fold, longer_of_fold = study.fold == fold, study.fold_of_longer == fold
        study.success_of["Markov 1"][of_fold] = success(first.select(of_fold), one)
        study.success_of_longer["Markov 1, last two"][longer_of_fold] = success(longer.select(longer_of_fold), one)
        study.success_of_longer["Markov 2"][longer_of_fold] = success(longer.select(longer_of_fold), two)


def unknown_values(study: Study) -> list[dict[str, Any]]:
    """Success of the measures under each reading of unknown values, and how many folds choose it."""
    return [
        {"measure": measure.value, "unknown": unknown.value}
        | summary(successes, study.fold)
        | {"chosen by folds": study.readings(measure).count(unknown)}
        for measure, of in study.by_reading.items()
        for unknown, successes in of.items()
    ]


def unweighted(study: Study) -> dict[Measure, Matrix]:
    """All five measures without weights."""
    matrices = {}
    first, longer = from_first(study.sessions), from_first(study.longer, 2)
    for measure in Measure:
        study.progress(f"Comparing books by {measure}")
        matrices[measure] = study.matrix(measure)
        study.success_of[measure.value] = np.zeros((len(first), 2))
        for fold, unknown in enumerate(study.readings(measure)):
            of_fold = study.fold == fold
            study.success_of[measure.value][of_fold] = study.by_reading[measure][unknown][of_fold]
        if measure in WEIGHTED:
            study.success_of_longer[f"{measure}, last two"] = success(longer, by_last_two(matrices[measure]))
    return matrices


def from_last_table(study: Study, matrices: dict[Measure, Matrix]) -> list[dict[str, Any]]:
    """The suggestion stage of the paper: from the last book but one, the last is to be found."""
    questions = from_last(study.sessions)
    rows = [
        {"method": m.value} | summary(success(questions, by_similarity(s)), study.fold) for m, s in matrices.items()
    ]
    return [{"method": "Markov 1"} | summary(_chain_from_last(study, questions), study.fold), *rows]


def _chain_from_last(study: Study, questions: Questions) -> Matrix:
    successes = np.zeros((len(questions), 2))
    for fold in range(study.options.folds):
        chain = by_chain(study.sessions.select(study.learning(fold)), len(study.catalogue.items), 1)
        of_fold = study.fold == fold
        successes[of_fold] = success(questions.select(of_fold), chain)
    return successes


def cluster_table(study: Study, matrices: dict[Measure, Matrix]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Success and search space with clusters against without, and a plane in which the clusters can be drawn."""
    rows: list[dict[str, Any]] = []
    questions = from_first(study.sessions)
    layout: dict[str, Any] = {}
    for measure, matrix in matrices.items():
        study.progress(f"Clustering books by {measure}")
        distance = distances_of(matrix)
        merges = tree(distance)
        counts = [k for k in study.options.clusters if k < len(distance)]
        divisions = {f"agglomerative, {k}": cut(distance, merges, k) for k in counts}
        if measure is Measure.EED1 and counts:
            for k in counts:
                divisions[f"k-medoids, {k}"] = k_medoids(distance, k, seed=study.options.seed)
            chosen, scores = best_k(distance, [k for k in (2, 3, 5, 8, 10, 15, 20) if k < len(distance)])
            divisions[f"agglomerative, {chosen} (best silhouette {scores[chosen]:.2f})"] = cut(distance, merges, chosen)
            # Average linkage parts single books from the rest, which is nothing to look at.
            shown = f"k-medoids, {counts[-1]}"
            layout = {"division": shown, **_layout(distance, divisions[shown], study.catalogue.items.labels)}
        whole = study.success_of[measure.value].mean(axis=0)
        for name, clusters in divisions.items():
            successes = success(questions, by_similarity(matrix, clusters)).mean(axis=0)
            searched = -clusters.reduction(matrix[questions.seen.items])
            change = np.divide(successes, whole, out=np.full(2, np.nan), where=whole > 0) - 1
            rows.append(
                {"measure": measure.value, "clusters": name, "largest": int(clusters.sizes.max())}
                | {"success@1": 100 * successes[0], "success@3": 100 * successes[1]}
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
        fitness = study.fitness if measure is Measure.EED1 else Fitness.of(space, study.sessions)
        for method in ("genetic", "purity"):
            name, flat = f"{measure} {method}", 0
            study.success_of[name] = np.zeros((len(first), 2))
            study.success_of_longer[f"{name}, last two"] = np.zeros((len(longer), 2))
            for fold in range(study.options.folds):
                study.progress(f"Weights of {name} (folds)", fold, study.options.folds)
                learning = study.learning(fold)
                if method == "genetic":
                    weights, _ = genetic_of_fold(fitness, learning, study.options.genetic)
                else:
                    weights = purity_of_fold(space, study.sessions, learning, study.options.purity)
                    flat += separates_nothing(weights)
                matrix = study.matrix(measure, weights)
                of_fold, longer_of_fold = study.fold == fold, study.fold_of_longer == fold
                study.success_of[name][of_fold] = success(first.select(of_fold), by_similarity(matrix))
                study.success_of_longer[f"{name}, last two"][longer_of_fold] = success(
                    longer.select(longer_of_fold), by_last_two(matrix)
                )
                rows.append({"method": name, "fold": fold} | weights)
            if flat:
                study.notes.append(
                    f"Purity separates nothing in {flat} of {study.options.folds} folds of {measure}: all attributes "
                    "get one weight there, so the weighted measure is the unweighted one."
                )
    return rows


def visits_read_otherwise(study: Study, matrix: Matrix) -> list[dict[str, Any]]:
    """Success of the unweighted EED-1 under other readings of a visit, and among the books of the visit's year."""
    visits = study.data.visits.sort_values(["user", "day"], kind="stable")
    rows = []
    for days in VISIT_GAPS:
        other_sessions = sessions_of(
            visits.assign(session=visit_numbers(visits, days)),
            study.catalogue.items.ids,
            session="session",
            item="item",
        )
        asked = from_first(other_sessions.longer_than(1))
        meaning = "a reader's day is a visit" if days == 1 else f"borrowings at most {days} days apart are one visit"
        rows.append(_row(f"visit gap {days}", meaning, success(asked, by_similarity(matrix))))
    of = study.years[study.all_sessions.sizes > 1]
    asked = from_first(study.sessions)
    kept = np.zeros((len(asked), 2))
    for fold in range(study.options.folds):
        learning = study.learning(fold)
        for year in np.unique(of[~learning]):
            of_fold = ~learning & (of == year)
            lent = np.unique(study.sessions.select(learning & (of == year)).items)
            among = np.full(matrix.shape[1], -np.inf, dtype=np.float32)
            among[lent] = 0
            kept[of_fold] = success(
                asked.select(of_fold), lambda seen, among=among: by_similarity(matrix)(seen) + among
            )
    meaning = "only books that learning sessions of the same year borrowed are suggested"
    return [*rows, _row("in circulation that year", meaning, kept)]


def visit_numbers(visits: pd.DataFrame, days: int) -> pd.Series:
    """The visit of each row of `user, day`, in their order: a reader who rests for more than `days` days begins one.

    With 1 each of a reader's days is a visit.
    """
    pause = visits.groupby("user")["day"].diff().dt.days
    return (pause.isna() | (pause > (days if days > 1 else 0))).cumsum()


def _row(name: str, meaning: str, successes: Matrix) -> dict[str, Any]:
    means = 100 * successes.mean(axis=0)
    return {"row": name, "meaning": meaning, "sessions": len(successes)} | {
        "success@1": float(means[0]),
        "success@3": float(means[1]),
    }


def threshold_table(study: Study) -> list[dict[str, Any]]:
    """Purity thresholds against success, for the first extended Euclidean distance (the paper's Table 2)."""
    rows = []
    space = study.space(Measure.EED1)
    questions = from_first(study.sessions)
    known: dict[tuple, Matrix] = {}
    for threshold in study.options.thresholds:
        successes = np.zeros((len(questions), 2))
        for fold in range(study.options.folds):
            study.progress(f"Purity threshold {threshold} (folds)", fold, study.options.folds)
            options = PurityOptions(threshold=threshold, lower=min(0.9, threshold), seed=study.options.purity.seed)
            weights = purity_of_fold(space, study.sessions, study.learning(fold), options)
            key = tuple(weights.values())
            if key not in known:
                known[key] = success(questions, by_similarity(study.matrix(Measure.EED1, weights)))
            of_fold = study.fold == fold
            successes[of_fold] = known[key][of_fold]
        rows.append({"threshold": threshold} | summary(successes, study.fold))
    return rows


def sweep_table(study: Study) -> list[dict[str, Any]]:
    """Population and crossovers of the genetic algorithm against success, over all folds (the paper's last figure)."""
    rows = []
    fitness = study.fitness
    for mutation in (0.0, 0.05):
        for population in study.options.populations:
            if mutation and population != study.options.genetic.chromosomes:
                continue
            options = GeneticOptions(
                population, max(study.options.crossovers), mutation=mutation, seed=study.options.genetic.seed
            )
            runs = []
            for fold in range(study.options.folds):
                study.progress(f"Genetic algorithm with {population} chromosomes (folds)", fold, study.options.folds)
                learning = study.learning(fold)
                _, result = genetic_of_fold(fitness, learning, options)
                runs.append(
                    (np.array(result.history), fitness(result.weights[None, :], ~learning)[0], result.evaluations)
                )
            for crossings in study.options.crossovers:
                reached = [tried[min(crossings, len(tried) - 1)] for tried, _, _ in runs]
                ends = [end for _, end, _ in runs]
                rows.append(
                    {"chromosomes": population, "crossovers": crossings, "mutation": mutation}
                    | {"learning success@3": 100 * float(np.mean(reached))}
                    | {"test success@3 at the end": 100 * float(np.mean(ends))}
                    | {"sd": 100 * float(np.std(ends, ddof=1)), "tried at the end": sum(count for _, _, count in runs)}
                )
    return rows


def success_table(study: Study) -> list[dict[str, Any]]:
    """Every method with its success and its deviation over the folds; those after two items with `last two`."""
    rows = [{"method": name} | summary(successes, study.fold) for name, successes in study.success_of.items()]
    longer = study.success_of_longer if len(study.longer) else {}
    return rows + [{"method": n} | summary(successes, study.fold_of_longer) for n, successes in longer.items()]


def significance(study: Study) -> list[dict[str, Any]]:
    """Every pair of methods: Mann-Whitney on the folds (the paper's test), Wilcoxon on the sessions, which are paired.

    `better` names the method whose mean is higher where both tests at 0.05 agree, by three suggestions.
    """
    rows = []
    longer = study.success_of_longer if len(study.longer) else {}
    for successes, fold in ((study.success_of, study.fold), (longer, study.fold_of_longer)):
        for one, other in combinations(successes, 2):
            for position, suggestions in enumerate((1, 3)):
                a, b = (by_fold(successes[name], fold)[:, position] for name in (one, other))
                folds_p = float(mannwhitneyu(a, b, alternative="two-sided").pvalue)
                difference = successes[one][:, position] - successes[other][:, position]
                sessions_p = float(wilcoxon(difference).pvalue) if np.any(np.abs(difference) > 1e-12) else 1.0
                sure = folds_p < ALPHA and sessions_p < ALPHA
                rows.append(
                    {"one": one, "other": other, "suggestions": suggestions}
                    | {"difference": float(100 * difference.mean()), "mann_whitney_p": folds_p}
                    | {"wilcoxon_p": sessions_p, "better": (one if difference.mean() > 0 else other) if sure else ""}
                )
    return rows
