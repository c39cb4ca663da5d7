"""The page's section on one protocol: leaderboard, cost, buckets of cases, cold starts, learning, provenance."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kartograph.evaluation.report.board_tables import (
    beyond_table,
    cold_table,
    confusion_table,
    cost_table,
    splits_table,
)
from kartograph.evaluation.report.charts.chart import Chart
from kartograph.evaluation.report.charts.protocols import (
    BUCKETS,
    Buckets,
    bucket_parts,
    leaderboard_charts,
    learning_charts,
)
from kartograph.evaluation.report.leaderboard import (
    Table,
    accuracy_of,
    comparable,
    leaderboard_table,
    ranked,
    reported_for,
)
from kartograph.evaluation.report.numbers import MISSING, count, is_share
from kartograph.evaluation.report.records import PARTS, Leaderboard, Record

TITLES = {
    "sequences": "Next click in a session",
    "interactions": "Next item of a user",
    "windows": "Next click, windows of time",
    "last-week": "Next click in the last days",
    "mcprhrec-folds": "Pairs and lists over folds of users, as MCPRHRec divides",
    "preaddl-event-time": "Is this event a view? Divided by time",
    "preaddl-event-random-leaking": "Is this event a view? Divided at random, as PRE-ADDL does: this leaks",
    "preaddl-time": "Pairs divided by time, as PRE-ADDL says",
    "preaddl-random-leaking": "Pairs divided at random, as PRE-ADDL does: this leaks",
    "cold-start": "Cold starts",
    "books": "Books of a session",
}


@dataclass(frozen=True)
class ProtocolSection:
    """What the template shows of one leaderboard."""

    slug: str
    title: str
    protocol: str
    cases: str
    facts: tuple[tuple[str, str], ...]
    best: tuple[str, str, str]
    """The first model, and those that are equal to it, the deciding measure and its value."""
    remarks: tuple[str, ...]
    """What a reader has to know: notes of the records, models without figures, the reported figures beside ours."""
    table: Table
    same: tuple[tuple[str, str], ...]
    """Measures without a column, each with the one that it equals."""
    beyond: Table
    cost: Table
    charts: tuple[Chart, ...]
    confusion: Table
    buckets: tuple[Buckets, ...]
    splits: Table
    cold: Table
    learning: tuple[Chart, ...]
    missing: tuple[tuple[str, str], ...]
    """Parts that the records lack, with whom they lack them for."""
    correction: str
    """How the significance groups were found, empty where there are none."""
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]
    """Further tables of the records: title, headings, rows."""
    provenance: tuple[tuple[str, str], ...]
    """Record → its options, versions and data as JSON."""


def protocol_section(board: Leaderboard, slug: str) -> ProtocolSection:
    """Draw and fill everything that the records of one leaderboard tell."""
    models, (measures, same) = ranked(board), accuracy_of(board)
    table = leaderboard_table(board)
    best = ", ".join(_first(board, models, measures[0]))
    first = next(row for row in table.rows if not row.is_reported)
    names = dict.fromkeys(str(record.content["name"]) for record in board.records if record.content.get("name"))
    return ProtocolSection(
        slug=slug,
        title=" · ".join((TITLES.get(board.protocol, board.protocol), *names)),
        protocol=board.protocol,
        cases=_counted(board, "cases") or _counted(board, "pairs") or "unknown number of",
        facts=(*_counts(board), *_facts(board.options)),
        best=(best, measures[0], first.cells[0].text + (" %" if is_share(measures[0]) else "")),
        remarks=_remarks(board),
        table=table,
        same=tuple(same),
        beyond=beyond_table(board),
        cost=cost_table(board),
        charts=leaderboard_charts(board, slug, models, measures),
        confusion=confusion_table(board),
        splits=splits_table(board),
        buckets=tuple(found for part in BUCKETS if (found := bucket_parts(board, slug, part, measures)) is not None),
        cold=cold_table(board),
        learning=learning_charts(board, slug),
        missing=_missing(board),
        correction=_correction(board),
        tables=tuple(found for record in board.records for found in _tables(record)),
        provenance=tuple((record.name, _provenance(record.content)) for record in board.records),
    )


def _first(board: Leaderboard, models: list[str], measure: str) -> list[str]:
    """The models of which none is better by a measure."""
    highest = board.figures[models[0]].get(measure)
    return [model for model in models if board.figures[model].get(measure) == highest]


def _remarks(board: Leaderboard) -> tuple[str, ...]:
    remarks = []
    for record in board.records:
        notes = record.content.get("notes")
        remarks += [str(note) for note in notes] if isinstance(notes, list) else []
        remarks += [f"{model} failed: {reason}" for model, reason in record.part("failed").items()]
        remarks += [f"{model}: n/a, {reason}" for model, reason in record.part("not_applicable").items()]
    for table in reported_for(board):
        where = f"{table.title}: {table.source}."
        if comparable(board, table):
            remarks.append(f"{where} This leaderboard has as many cases under the same options. {table.note}")
        else:
            known = f"on {count(table.cases)} cases" if table.cases else "on a test part of their own"
            remarks.append(f"{where} Measured by others {known}, not on this test part: no comparison. {table.note}")
    return tuple(remarks)


def _missing(board: Leaderboard) -> tuple[tuple[str, str], ...]:
    everyone, gaps = len(board.figures), board.missing
    if len(gaps.get("learning", [])) < everyone:
        gaps.pop("learning", None)  # only models that learn in epochs have one
    if everyone == 1:
        gaps.pop("significance", None)
    return tuple(
        (PARTS[part], "every model" if len(models) == everyone else ", ".join(models)) for part, models in gaps.items()
    )


def _correction(board: Leaderboard) -> str:
    tests = [test for record in board.records for test in record.part("significance").values()]
    said = dict.fromkeys(
        f"paired tests (alpha {test['alpha']:g}, corrected after {str(test.get('correction', '?')).capitalize()})"
        for test in tests
        if "alpha" in test
    )
    return "; ".join(said)


def _provenance(content: dict[str, Any]) -> str:
    provenance = {name: content[name] for name in ("seed", "data", "machine", "versions", "options") if name in content}
    return json.dumps(provenance, indent=2, sort_keys=True, ensure_ascii=False)


def _counts(board: Leaderboard) -> list[tuple[str, str]]:
    return [(name, number) for name in ("cases", "pairs") if (number := _counted(board, name))]


def _counted(board: Leaderboard, name: str) -> str:
    """The numbers of cases that models were measured on: one, unless records differ."""
    counts = sorted({int(row[name]) for row in board.figures.values() if name in row}, reverse=True)
    return " or ".join(count(number) for number in counts)


def _facts(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Options as names and values; those of nested dictionaries one by one."""
    for name, value in options.items():
        if isinstance(value, dict):
            yield from _facts(value)
        elif isinstance(value, bool):
            yield name.replace("_", " "), "yes" if value else "no"
        else:
            yield name.replace("_", " "), value if isinstance(value, str) else json.dumps(value)


def _tables(record: Record) -> Iterator[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Tables that a record brings along, lists of rows with plain values; others are left out."""
    for title, rows in record.part("tables").items():
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            names = [name for name in rows[0] if not isinstance(rows[0][name], dict | list)]
            yield title, tuple(names), tuple(tuple(_text(row.get(name)) for name in names) for row in rows)


def _text(value: Any) -> str:
    if value is None:
        return MISSING
    return f"{value:,.4g}" if isinstance(value, float) else count(value) if type(value) is int else str(value)
