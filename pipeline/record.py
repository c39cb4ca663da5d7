"""The runs in the graph: `(:PipelineRun)-[:PUBLISHED]->(:ModelVersion)`, for people who ask in Neo4j Browser.

The journals on disk are what counts; they are written into the graph as often as needed, after a bulk load all anew.
"""

from collections.abc import Sequence
from typing import Any

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.pipeline.journal import Journal


def record(graph: Graph, journals: Sequence[Journal]) -> None:
    """Write runs into the graph, in place of what was recorded of them."""
    graph.query(queries.load("schema/pipeline_run_id_unique"), write=True)
    graph.query(queries.load("pipeline/record"), write=True, runs=[_row(one) for one in journals])


def forget(graph: Graph, journals: Sequence[Journal]) -> None:
    """Remove runs from the graph."""
    graph.query(queries.load("pipeline/forget"), write=True, runs=[one.id for one in journals])


def _row(journal: Journal) -> dict[str, Any]:
    steps = list(journal.steps.values())
    board = [row for row in journal.board if row["part"] == "all"]
    facts = {
        "started": journal.started,
        "finished": journal.finished,
        "status": journal.status,
        "verdict": journal.verdict,
        "attempts": journal.attempts,
        "steps": list(journal.steps),
        "states": [step.state for step in steps],
        "seconds": [step.seconds for step in steps],
        "notes": [step.note for step in steps],
        "measure": board[0]["measure"] if board else None,
        "models": [row["model"] for row in board],
        "values": [row["value"] for row in board],
        "coverages": [float(row["coverage"]) for row in board],
        "fit_seconds": [float(row["fit_s"]) for row in board],
    }
    version = journal.published["version"] if journal.published else None
    return {"id": journal.id, "version": version, "facts": facts}
