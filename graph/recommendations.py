"""How recommendations come back into the graph, so that readers see a whole run or the one before it.

    (:Model)-[:CURRENT]->(:Run)    (:User)-[:RECOMMENDED {run, rank, score, kinds, via, amounts}]->(:Item)

`kinds`, `via` and `amounts` are the largest parts of the score, at most three, the largest first: the kind of each, the
id behind it (an item, mostly), and its amount.

An edge per recommendation is slow for a million users, most of whom will not come again, so users who were not active
may have a list each instead, in properties of their node: `recommended_<model>_<slot>_run`, `_items`, `_scores`, and
`_kinds`, `_via`, `_amounts` with three entries an item. A model has two slots, and a run writes into the one that the
current run does not use.

A run is written beside the current one, then `CURRENT` moves in one transaction, then the old run is deleted. Queries
read only what the current run wrote. A writer that dies leaves a run that nobody reads; the next one removes it.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Literal

import neo4j.exceptions
import numpy as np
import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.runs import run_name
from kartograph.tables.errors import BadInput, GaveUp, ServerError
from kartograph.tables.progress import Progress, silent

COLUMNS = ("user_id", "item_id", "score", "rank")
"""What a frame of recommendations needs; rows of rank 0 recommend nothing and are left out. `parts`, lists of
`(kind, id, amount)`, the largest first, may come with it."""
KEPT = 3
"""Parts of a score that are kept."""


@dataclass(frozen=True)
class WriteBack:
    """How a run is written."""

    data: str = "shop"
    """What the model was fitted on, kept on the run."""
    edges: Literal["all", "active"] = "all"
    """Who gets an edge per recommendation: every user given, or those who were active, and the others a list."""
    active_days: int = 30
    """Active: seen in so many days before the shop's last event."""
    batch: int = 10_000
    """Recommendations in one transaction."""
    grace_seconds: float = 2.0
    """How long the old run stays after `CURRENT` has moved, for readers who had already looked up which run it is."""


@dataclass(frozen=True)
class WrittenRun:
    """What came of it."""

    run: str
    written: int
    """Recommendations in the graph, as edges and in lists."""
    left_out: int
    """Recommendations of users or items that the graph does not know."""
    removed: int
    """Runs that were removed: the one before, and what dead writers left."""


def write_recommendations(
    graph: Graph,
    model: str,
    frames: Iterable[pd.DataFrame],
    options: WriteBack | None = None,
    progress: Progress = silent,
) -> WrittenRun:
    """Write what a model recommends as a new run, show it to readers, and delete the run before.

    `frames` come one after the other, so that a model can recommend in portions; each has the columns of `COLUMNS` and
    perhaps `parts`, and a user's rows stand in one of them. One writer per model at a time: a second one closes the
    first one's run, and the first one then stops with an error.

    Raises:
        BadInput: a frame lacks a column, or no recommendation could be written; the current run stays.
        ServerError: another writer closed this run.
        GaveUp: the server went away or stayed busy; readers see the former run.
    """
    options = options or WriteBack()
    run = run_name(model)
    removed = remove_superseded(graph, model)
    started = time.time_ns() // 1_000_000
    graph.query(
        queries.load("write_back/start_run"), write=True, model=model, run=run, data=options.data, started=started
    )
    try:
        offered = written = 0
        active = pd.Index(active_users(graph, options.active_days), dtype=object) if options.edges == "active" else None
        for frame in _of_lists(frames):
            offered += len(frame)
            for statement, rows in _batches(frame, options.batch, active):
                progress(f"Writing what {model} recommends", written)
                written += _write(graph, statement, run, rows)
        if not written:
            why = "it recommends nothing to these users: perhaps they have seen all of it, or it is not available"
            if offered:
                why = f"its recommendations ({offered:,}) are of users or items that the graph does not have"
            raise BadInput(f"{model} has nothing to write: {why}. The former recommendations stay.")
        _publish(graph, model, run, written)
    except BaseException as error:
        # What fails here too, because the server is gone, say, is removed by the next writer.
        with suppress(neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, ServerError):
            remove_run(graph, run)
        if isinstance(error, GaveUp):
            raise GaveUp(
                f"{error}. Of this run of {model} readers see nothing: they see the former one, whole; what is left of "
                "it is removed when recommendations are written again"
            ) from error
        raise
    if _superseded(graph, model):
        time.sleep(options.grace_seconds)
        removed += remove_superseded(graph, model)
    return WrittenRun(run, written, offered - written, removed)


def remove_superseded(graph: Graph, model: str) -> int:
    """Remove every run of a model but the current one, its recommendations first; returns how many runs."""
    runs = _superseded(graph, model)
    for run in runs:
        remove_run(graph, run)
    return len(runs)


def remove_run(graph: Graph, run: str) -> None:
    """Close a run to its writer, delete its recommendations in batches, then the run."""
    graph.query(queries.load("write_back/abandon_run"), write=True, run=run)
    graph.query(queries.load("write_back/delete_recommendations"), write=True, run=run)
    graph.query(queries.load("write_back/delete_packed"), write=True, run=run)
    graph.query(queries.load("write_back/delete_run"), write=True, run=run)


def active_users(graph: Graph, days: int = 30) -> list[str]:
    """Users seen in the last `days` days before the shop's last event: those whose recommendations earn edges."""
    return graph.query(queries.load("write_back/active_users"), days=days)["user_id"].tolist()


def all_users(graph: Graph) -> list[str]:
    """Every user of the graph."""
    return graph.query(queries.load("write_back/users"))["user_id"].tolist()


def _superseded(graph: Graph, model: str) -> list[str]:
    return graph.query(queries.load("write_back/superseded_runs"), model=model)["run"].tolist()


def _of_lists(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The frames without the rows that stand for a user to whom nothing is recommended: their rank is 0."""
    for frame in frames:
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            raise BadInput(f"the recommendations lack the column {', '.join(missing)}: they need {', '.join(COLUMNS)}")
        yield frame[frame["rank"] > 0]


def _batches(
    frame: pd.DataFrame, size: int, active: pd.Index | None
) -> Iterator[tuple[queries.Statement, list[dict[str, Any]]]]:
    """Portions of a frame, each with the statement that writes it: edges for active users, lists for the others."""
    parts = frame["parts"] if "parts" in frame.columns else pd.Series([[]] * len(frame), index=frame.index)
    kept = [[(str(kind), str(behind), float(amount)) for kind, behind, amount in some[:KEPT]] for some in parts]
    rows = pd.DataFrame(
        {
            "user": frame["user_id"],
            "item": frame["item_id"],
            "rank": frame["rank"].astype("int64"),
            "score": frame["score"].astype("float64"),
            "kinds": pd.Series([[kind for kind, _, _ in some] for some in kept], index=frame.index, dtype=object),
            "via": pd.Series([[behind for _, behind, _ in some] for some in kept], index=frame.index, dtype=object),
            "amounts": pd.Series([[amount for _, _, amount in some] for some in kept], index=frame.index, dtype=object),
        }
    )
    # An index keeps its hash table; `isin` would make one of all active users for every portion.
    users = rows["user"].to_numpy(object)
    as_edges = np.ones(len(rows), dtype=bool) if active is None else active.get_indexer(users) >= 0
    edges = rows[as_edges]
    for start in range(0, len(edges), size):
        yield (
            queries.load("write_back/write_recommendations"),
            edges.iloc[start : start + size].to_dict("records"),  # pyright: ignore[reportReturnType]
        )
    lists = _packed(rows[~as_edges])
    at_once = max(1, size * len(lists) // max(1, len(rows) - len(edges)))
    for start in range(0, len(lists), at_once):
        yield queries.load("write_back/write_packed"), lists[start : start + at_once]


def _packed(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One row per user: `user, items, scores`, the best first, and `KEPT` kinds, ids behind and amounts an item."""
    rows = rows.sort_values(["user", "rank"], kind="stable")
    users = rows["user"].to_numpy()
    starts = np.flatnonzero(np.r_[True, users[1:] != users[:-1]][: len(users)])
    items, scores = rows["item"].tolist(), rows["score"].tolist()
    padded = {
        "kinds": [(kinds + [""] * KEPT)[:KEPT] for kinds in rows["kinds"]],
        "via": [(behind + [""] * KEPT)[:KEPT] for behind in rows["via"]],
        "amounts": [(amounts + [0.0] * KEPT)[:KEPT] for amounts in rows["amounts"]],
    }
    return [
        {"user": users[start], "items": items[start:end], "scores": scores[start:end]}
        | {name: list(chain.from_iterable(values[start:end])) for name, values in padded.items()}
        for start, end in pairwise([*starts.tolist(), len(users)])
    ]


def _write(graph: Graph, statement: queries.Statement, run: str, rows: list[dict[str, Any]]) -> int:
    [(written, running)] = graph.query(statement, write=True, run=run, rows=rows).itertuples(index=False, name=None)
    if not running:
        raise ServerError(_closed(run))
    return int(written)


def _publish(graph: Graph, model: str, run: str, written: int) -> None:
    finished = time.time_ns() // 1_000_000
    published = graph.query(
        queries.load("write_back/publish_run"),
        write=True,
        model=model,
        run=run,
        recommendations=written,
        finished=finished,
    )
    if published.empty:
        raise ServerError(_closed(run))


def _closed(run: str) -> str:
    return f"the run {run} was closed by another writer of the same model: let one writer work at a time, and run again"
