"""Where does training end and validation begin? Cuts of tables by time, made before anything is counted or learnt."""

import numpy as np
import pandas as pd

from kartograph.tables.errors import BadInput

VALIDATION_SESSIONS = 4400
"""Sessions in a validation cut of the RetailRocket click sequences: about 13,300 cases, near the 15,132 published."""


def latest_sessions(clicks: pd.DataFrame, sessions: int, skip: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and validation part: the latest `sessions` sessions are held out, the `skip` after them are thrown away.

    Follows the usual preparation of session benchmarks: clicks on items that the training part does not know are
    dropped from the held-out sessions, and of these only sessions of three or more clicks stay, so that every prefix of
    two or more clicks has a next click. `clicks` come in order of time, as `read_sequences` gives them. With `skip` a
    second cut, earlier in time, shows whether figures move together.
    """
    codes = pd.factorize(clicks["session_id"])[0]
    end = codes.max() + 1 - skip
    start = end - sessions
    if start < 1 or sessions < 1:
        raise BadInput(
            f"{sessions} sessions, {skip} skipped, cannot be held out of {codes.max() + 1}: "
            "some have to stay to learn from."
        )
    train = clicks[codes < start]
    held_out = clicks[(codes >= start) & (codes < end) & np.asarray(clicks["item_id"].isin(train["item_id"].unique()))]
    lengths = held_out.groupby("session_id", sort=False)["item_id"].transform("size")
    return train.reset_index(drop=True), held_out[lengths >= 3].reset_index(drop=True)


def last_purchases(interactions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and validation part: the last item that each user bought is held out, of users who bought two or more.

    All rows of the user on that item leave the training part, views and carts too, so that the answer was never seen
    before. `interactions` as `read_interactions` gives them; the validation part has `user_id, item_id`.
    """
    bought = interactions[interactions["event"] == "buy"].sort_values("timestamp", kind="stable")
    several = bought.groupby("user_id")["item_id"].transform("nunique") >= 2
    last = bought[several].groupby("user_id", sort=False).tail(1)[["user_id", "item_id"]].reset_index(drop=True)
    if last.empty:
        raise BadInput("No user bought two items: there is no purchase that could be held out.")
    held_out = pd.MultiIndex.from_frame(interactions[["user_id", "item_id"]]).isin(pd.MultiIndex.from_frame(last))
    return interactions[~held_out].reset_index(drop=True), last
