"""What a path holds: which loader recognises it, and how it reads the first rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from kartograph.loaders.registry import Loader, loaders
from kartograph.loaders.shared.declared import flag_of
from kartograph.loaders.shared.options import EVERY_ROW
from kartograph.loaders.shared.recognizing.match import Match
from kartograph.loaders.shared.recognizing.seen import Seen, look
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report

SHOWN = 5
"""Rows of the reading that are shown."""


@dataclass(frozen=True)
class Recognition:
    """A path and the loader that recognises it."""

    path: str
    loader: Loader
    match: Match
    columns: Mapping[str, tuple[str, ...]]
    """The columns of each table."""

    @property
    def missing(self) -> list[str]:
        """Options that the loader needs and that nothing at the path says."""
        return [name for name in self.loader.needs if name not in self.match.options]

    def arguments(self) -> list[str]:
        """What follows `kartograph load`: the loader's name, the path, and the options that were recognised."""
        known = self.loader.options.__dataclass_fields__
        flags = [text for name, value in self.match.options.items() for text in (flag_of(known[name]), str(value))]
        return [self.loader.name, self.path, *flags]


@dataclass(frozen=True)
class Reading:
    """How a loader reads the beginning of a path."""

    report: Report
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The first events; empty of a loader that reads none."""


def recognize(path: str, progress: Progress = silent) -> tuple[Recognition, Reading]:
    """The one loader that recognises `path`, and how it reads the first rows of each file.

    A loader that knows the layout comes before one that guesses by names of columns.

    Raises
    ------
    BadInput
        Nothing is there, no loader recognises it, or several do: the error says what was seen and what is known.
    """
    with look(path) as seen:
        progress(f"Looking at {path}")
        matches = [(one, match) for one in loaders().values() for match in one.matches(seen)]
        matches = [pair for pair in matches if not pair[1].general] or matches
        if not matches:
            raise BadInput(_unknown(seen))
        if len(matches) > 1:
            raise BadInput(_ambiguous(seen, matches))
        [(loader, match)] = matches
        columns = {str(table.shown): table.columns for table in seen.tables}
        recognition = Recognition(path, loader, match, columns)
        return recognition, Reading(Report()) if recognition.missing else _reading(recognition, seen, progress)


def _reading(recognition: Recognition, seen: Seen, progress: Progress) -> Reading:
    if recognition.loader.read is None:
        return Reading(
            recognition.loader.call(
                "write", None, seen.sample, recognition.loader.said(None, recognition.match.options)
            )
        )
    aside = seen.sample.parent / "rejects.csv"
    said = {**recognition.match.options, "rejects": aside, "limit": EVERY_ROW}
    source = recognition.loader.reads(seen.sample, recognition.loader.said(None, said), progress)
    source.report.rejects_file = None  # a copy's rejects go with the copy
    columns = ["user_id", "item_id", "event", "timestamp", "session_id"]
    rows = source.interactions.select(*columns).limit(SHOWN).to_pyarrow().to_pandas(integer_object_nulls=True)
    rows["timestamp"] = [None if pd.isna(value) else _moment(int(value)) for value in rows["timestamp"]]
    empty = [name for name in columns if rows[name].isna().all()]
    return Reading(source.report, rows.drop(columns=empty).rename(columns={"timestamp": "time (UTC)"}).fillna(""))


def _moment(milliseconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _unknown(seen: Seen) -> str:
    why = "".join(f" {words}." for words in list(seen.unread.values())[:3] if not seen.tables)
    there = f"No loader recognises {seen.path}: there is {seen.in_words()}.{why}"
    known = f"Known are {', '.join(loaders())}: `kartograph load --help` describes them."
    if any(table.first_row for table in seen.tables):
        columns = "--columns user_id,item_id,event,timestamp"
        return f"{there} Name the columns: `kartograph load interactions {seen.path} {columns}`. {known}"
    if seen.tables:
        columns = "--user COLUMN --item COLUMN --event COLUMN --time COLUMN"
        return (
            f"{there} Say which columns are what: `kartograph load interactions {seen.path} {columns}`; without "
            f"--event all rows are views. {known}"
        )
    return f"{there} {known} Any table is one of interactions, whose columns options name."


def _ambiguous(seen: Seen, matches: list[tuple[Loader, Match]]) -> str:
    ways = "; or ".join(
        f"`kartograph load {' '.join(Recognition(seen.path, one, match, {}).arguments())}` ({match.why})"
        for one, match in matches
    )
    return f"{seen.path} may be read in several ways: {ways}. Choose one of these commands."


def said_in_words(said: Mapping[str, Any]) -> str:
    """Options in words."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in said.items())
