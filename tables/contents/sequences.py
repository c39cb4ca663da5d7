"""Sequences of a file: clicks in order, within sessions that know neither users nor times.

A file has the columns `session_id, position, item_id` and, where it is a test part, perhaps `target`.
"""

from pathlib import Path

import pandas as pd

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.columns import read_columns, whole_numbers


def read_sequences(path: str | Path) -> pd.DataFrame:
    """The clicks of a file: `session_id`, `position` (int64), `item_id`, and `target` where the file has it.

    Sessions come in order of time as far as the file tells it: by their number where every session id is a whole
    number, otherwise in the order in which they first appear. Within a session clicks come by position, equal
    positions in the order of the file.

    Raises `BadInput` on a file without rows, an empty value, a position that is no whole number, or a session with
    two targets.
    """
    clicks = read_columns(path, ("session_id", "position", "item_id"), ("target",))
    if clicks.empty:
        raise BadInput(f"{path} has no rows. Sequences need at least one click.")
    clicks["position"] = whole_numbers(clicks, "position", path)
    if "target" in clicks:
        targets = clicks.groupby("session_id", sort=False)["target"].nunique()
        if (targets > 1).any():
            raise BadInput(
                f"{path} names {targets.max()} targets for session {targets.idxmax()!r}. "
                "A target has to be the same in all rows of its session."
            )
    order = pd.DataFrame({"session": _time_order(clicks["session_id"]), "position": clicks["position"]})
    return clicks.loc[order.sort_values(["session", "position"], kind="stable").index].reset_index(drop=True)


def _time_order(session_id: pd.Series) -> pd.Series:
    if session_id.str.fullmatch(r"[0-9]{1,18}").all():
        return session_id.astype("int64")
    return pd.Series(pd.factorize(session_id)[0], index=session_id.index)
