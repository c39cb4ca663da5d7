"""What a run of the ontology's protocol leaves: the parts of a record, and tables beside reported figures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.papers.ontology import reported
from kartograph.evaluation.papers.ontology.blended import blended
from kartograph.evaluation.papers.ontology.study import Study
from kartograph.evaluation.papers.ontology.tables import evaluate
from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap
from kartograph.evaluation.statistics.significance import compare

MEASURES = ("success@1", "success@3")


def measured(study: Study) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Run the protocol: the parts of a record, the options, and the notes."""
    result = evaluate(study)
    if study.data.books is not None:
        result["tables"]["readers in time"] = blended(study)
    judged = {
        "figures": {
            name: {key: float(value) / 100 for key, value in row.items() if key.startswith("success")}
            | {"cases": len(study.success_of.get(name, study.success_of_longer.get(name, ())))}
            for row in result["tables"]["success"]
            for name in [row["method"]]
        },
        "intervals": {
            name: dict(zip(MEASURES, _interval(successes, study.options.seed), strict=True))
            for name, successes in (study.success_of | study.success_of_longer).items()
            if len(successes)
        },
        "significance": {
            measure: compare({name: successes[:, position] for name, successes in study.success_of.items()})
            for position, measure in enumerate(MEASURES)
        },
        "tables": result["tables"],
        "layout": result["layout"],
        "reported": {
            "three suggestions": dict(reported.THREE_SUGGESTIONS),
            "deviations": {name: list(values) for name, values in reported.DEVIATIONS.items()},
            "clusters": {str(k): list(values) for k, values in reported.CLUSTERS.items()},
            "data": dict(reported.DATA),
        },
    }
    return judged, _plain(result["options"]), result["notes"]


def tables(content: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The record's tables by title, ours beside the reported figures."""
    content_tables = content["tables"]
    success = pd.DataFrame(content_tables["success"]).round(2)
    success["reported success@3"] = [_known(reported.THREE_SUGGESTIONS.get(m)) for m in success["method"]]
    success["reported sd@1 / sd@3"] = [_pair(reported.DEVIATIONS.get(m)) for m in success["method"]]
    clusters = pd.DataFrame(content_tables["clusters"]).round(1)
    clusters_reported = {f"agglomerative, {k}": values for k, values in reported.CLUSTERS.items()}
    clusters["reported change, search space"] = [_pair(clusters_reported.get(name)) for name in clusters["clusters"]]
    weights = (
        pd.DataFrame(content_tables["weights"]).drop(columns="fold").groupby("method").agg(["mean", "std"]).round(2)
    )
    weights.columns = [" ".join(column) for column in weights.columns]
    signs = pd.DataFrame(content_tables["significance"])
    methods = {row["method"]: row for row in content_tables["success"]}
    chain, second = methods.get("Markov 1, last two"), methods.get("Markov 2")
    orders = [
        {
            "suggestions": n,
            "second order against first, %": round(100 * (second[f"success@{n}"] / chain[f"success@{n}"] - 1), 1),
            "reported": -reported.SECOND_ORDER_BEHIND_FIRST,
        }
        for n in (1, 3)
        if chain and second and chain[f"success@{n}"]
    ]
    optional = {
        "Beside the paper's measure, and the blend without a part: differences with 95 % intervals": pd.DataFrame(
            content_tables.get("beside the paper", [])
        ).round(2),
        "Markov chains on sessions of three or more": pd.DataFrame(orders),
        "Visits read otherwise, EED-1": pd.DataFrame(content_tables.get("visits read otherwise", [])).round(2),
        "Readers in time": _readers(content_tables.get("readers in time")),
    }
    return {
        "Data": pd.DataFrame(
            [{"": k, "here": v, "reported": _known(reported.DATA.get(k))} for k, v in content_tables["data"].items()]
        ),
        "Success in percent of the sessions, mean and deviation over the folds": success,
        "From the last item but one": pd.DataFrame(content_tables["from the last book"]).round(2),
        "Unknown values": pd.DataFrame(content_tables["unknown values"]).round(2),
        "Clusters: change of success and of the search space in percent": clusters,
        "Learned weights": weights.reset_index(),
        "Purity thresholds, EED-1": pd.DataFrame(content_tables["purity thresholds"]).round(2),
        "Genetic algorithm, EED-1": pd.DataFrame(content_tables["genetic sweep"]).round(2),
        "Differences that both tests confirm (0.05)": signs[signs["better"] != ""].round(4).reset_index(drop=True),
    } | {title: frame for title, frame in optional.items() if len(frame)}


def _readers(readers: Mapping[str, Any] | None) -> pd.DataFrame:
    if readers is None:
        return pd.DataFrame()
    groups = [readers["significance"]["groups"][row["model"]] for row in readers["rows"]]
    return pd.DataFrame(readers["rows"]).round(4).assign(group=groups)


def _interval(successes: np.ndarray, seed: int) -> list[list[float]]:
    low, high = bootstrap(UnitSums.of(successes, np.arange(len(successes))), seed)
    return [[float(a), float(b)] for a, b in zip(low, high, strict=True)]


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in options.items()}


def _known(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _pair(values: tuple[float, float] | None) -> str:
    return "" if values is None else f"{values[0]:g} / {values[1]:g}"
