"""What a source brings, in figures that one run can compare with the next.

A profile is plain JSON; beside it the events of each item are kept, and which users and items any run has seen:

    FOLDER/<source>/profile.json  items.parquet  seen_users.parquet  seen_items.parquet
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import UInt64
from numpy import ndarray

from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.schema import Source
from kartograph.tables.whole import whole_file, write_whole

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Profile:
    """The figures of one source."""

    rows: int
    """Rows read."""
    rejected: int
    """Rows that could not be read."""
    events: int
    users: int
    items: int
    kinds: dict[str, int]
    """Events of each kind."""
    hours: dict[str, int]
    """Events of each hour of the day, UTC."""
    without_user: int
    without_time: int
    first: int | None
    """Milliseconds UTC; None where no event has a time."""
    last: int | None
    gap_hours: float
    """The longest time between two events that follow each other, to the hour."""
    rejects_file: str | None = None


@dataclass(frozen=True)
class Brought:
    """A profile with what does not fit into it."""

    profile: Profile
    items: pd.DataFrame
    """`item_id, events`."""
    users: pd.DataFrame
    """`user_id`, once each."""


@dataclass(frozen=True)
class Former:
    """What is known of the last run that got through, and of all before it."""

    profile: Profile
    items: pd.DataFrame
    """`item_id, events` of the last run."""
    seen_users: UInt64[ndarray, " users"] = field(repr=False)
    """Hashes of the ids, ascending: ids of users are kept nowhere but in the graph."""
    seen_items: UInt64[ndarray, " items"] = field(repr=False)


def profile_of(source: Source) -> Brought:
    """Count what a source brings."""
    rows: Rows = source.interactions
    figures = rows.agg(
        events=rows.count(),
        users=rows.user_id.nunique(),
        items=rows.item_id.nunique(),
        first=rows.timestamp.min(),
        last=rows.timestamp.max(),
        without_user=rows.user_id.isnull().sum(),
        without_time=rows.timestamp.isnull().sum(),
    )
    counted: dict[str, Any] = figures.to_pyarrow().to_pylist()[0]
    kinds = _counted(rows.group_by(what=rows.event).agg(events=rows.count()))
    dated = rows.filter(rows.timestamp.notnull())
    hour = dated.mutate(hour=(dated.timestamp // HOUR_MS).cast("int64"))
    hourly = hour.group_by("hour").agg(events=hour.count()).order_by("hour").to_pyarrow().to_pandas()
    of_day = hourly.groupby((hourly["hour"] % 24).astype(str))["events"].sum()
    report = source.report
    profile = Profile(
        rows=report.rows or count_rows(rows),
        rejected=sum(report.rejected.values()),
        kinds=kinds,
        hours={str(name): int(count) for name, count in of_day.items()},
        gap_hours=float(hourly["hour"].diff().max()) if len(hourly) > 1 else 0.0,
        rejects_file=None if report.rejects_file is None else str(report.rejects_file),
        **{name: value or 0 if name not in ("first", "last") else value for name, value in counted.items()},
    )
    items = rows.group_by("item_id").agg(events=rows.count()).order_by("item_id").to_pyarrow().to_pandas()
    users = rows.filter(rows.user_id.notnull()).select("user_id").distinct().order_by("user_id")
    return Brought(profile, items, users.to_pyarrow().to_pandas())


def read_former(folder: Path) -> Former | None:
    """What `keep_profile` wrote; None before the first run."""
    if not (folder / "profile.json").is_file():
        return None
    seen = {name: pd.read_parquet(folder / f"seen_{name}.parquet")["id"].to_numpy() for name in ("users", "items")}
    profile = Profile(**json.loads((folder / "profile.json").read_text("utf-8")))
    return Former(profile, pd.read_parquet(folder / "items.parquet"), seen["users"], seen["items"])


def keep_profile(folder: Path, brought: Brought) -> None:
    """Remember a source that got through; keeping it again changes nothing."""
    former = read_former(folder)
    folder.mkdir(parents=True, exist_ok=True)
    seen = {"users": hashes(brought.users["user_id"]), "items": hashes(brought.items["item_id"])}
    if former is not None:
        before = {"users": former.seen_users, "items": former.seen_items}
        seen = {name: np.union1d(ids, before[name]) for name, ids in seen.items()}
    frames = {f"seen_{name}": pd.DataFrame({"id": ids}) for name, ids in seen.items()}
    for name, frame in (frames | {"items": brought.items}).items():
        with whole_file(folder / f"{name}.parquet") as file:
            frame.to_parquet(file, index=False)
    write_whole(folder / "profile.json", json.dumps(asdict(brought.profile), indent=1))


def hashes(ids: pd.Series) -> UInt64[ndarray, " ids"]:
    """The hashes of different ids, ascending."""
    return np.unique(pd.util.hash_array(ids.to_numpy(dtype=object)))


def _counted(table: Rows) -> dict[str, int]:
    return {row["what"]: row["events"] for row in table.order_by("what").to_pyarrow().to_pylist()}
