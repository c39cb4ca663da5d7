"""Sources of a few rows, and generated files of a small shop with tastes."""

from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from kartograph.loaders.shared.begin import events_only
from kartograph.tables.engine import Engine
from kartograph.tables.report import Report
from kartograph.tables.schema import INTERACTIONS, Source

BEGIN = 1_700_000_000_000
DAY = 86_400_000


def source_of(rows: list[tuple[str | None, str, str, int | None]], engine: Engine) -> Source:
    """A source of rows `(user, item, event, time)`."""
    columns = ["user_id", "item_id", "event", "timestamp"]
    frame = pd.DataFrame(rows, columns=columns).reindex(columns=list(INTERACTIONS)).astype(object)
    table = ibis.memtable(frame.where(frame.notna(), None), schema=INTERACTIONS)
    return events_only("few", engine.store("interactions", table), Report("few"))


def write_shop(file: Path, sessions: int = 300, days: int = 12, users: int = 60, seed: int = 0) -> None:
    """A file of sessions in which each user goes through the items of one of four shelves in order."""
    rng = np.random.default_rng(seed)
    user = rng.integers(0, users, sessions)
    start = BEGIN + np.sort(rng.integers(0, days * DAY - 3_600_000, sessions))
    length = rng.integers(2, 5, sessions)
    session = np.repeat(np.arange(sessions), length)
    step = np.arange(len(session)) - np.repeat(np.cumsum(length) - length, length)
    item = user[session] % 4 * 8 + (np.repeat(rng.integers(0, 8, sessions), length) + step) % 8
    pd.DataFrame(
        {
            "user_id": [f"u{one}" for one in user[session]],
            "item_id": [f"i{one}" for one in item],
            "event": rng.choice(["view", "cart", "buy"], len(session), p=[0.8, 0.1, 0.1]),
            "timestamp": start[session] + step * 60_000,
        }
    ).to_csv(file, index=False)
