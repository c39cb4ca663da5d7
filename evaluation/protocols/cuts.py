"""Cuts of tables by time into training, validation and test, made before anything is counted or learned."""

import numpy as np
import pandas as pd

from kartograph.tables.errors import BadInput

VALIDATION_SESSIONS = 4400
"""Sessions in a validation cut of the RetailRocket click sequences: about 13,300 cases, near the 15,132 published."""


def latest_sessions(clicks: pd.DataFrame, sessions: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and validation part: the latest `sessions` sessions are held out.

    Follows the usual preparation of session benchmarks: clicks on items that the training part does not know are
    dropped from the held-out sessions, and of these only sessions of three or more clicks stay, so that every prefix of
    two or more clicks has a next click. `clicks` come in order of time, as `read_sequences` gives them.
    """
    codes = pd.factorize(clicks["session_id"])[0]
    known = codes.max() + 1
    start = known - sessions
    if start < 1 or sessions < 1:
        raise BadInput(f"{sessions} sessions cannot be held out of {known}: some have to stay to learn from.")
    train = clicks[codes < start]
    held_out = clicks[(codes >= start) & np.asarray(clicks["item_id"].isin(train["item_id"].unique()))]
    lengths = held_out.groupby("session_id", sort=False)["item_id"].transform("size")
    return train.reset_index(drop=True), held_out[lengths >= 3].reset_index(drop=True)


def last_purchases(interactions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and validation part: what each user bought last is held out, of users who bought something else before.

    Items that were bought at one moment are held out together. All rows of the user on these items leave the training
    part, views and carts too, so that the answer was never seen before, and with them all other rows of that moment.
    `interactions` as `read_interactions` gives them; the validation part has `user_id, item_id`.
    """
    bought = interactions[interactions["event"] == "buy"]
    moments = bought.groupby("user_id")["timestamp"].max()
    last = bought[bought["timestamp"] == bought["user_id"].map(moments)][["user_id", "item_id"]].drop_duplicates()
    items = bought.groupby("user_id")["item_id"].nunique()
    several = last["user_id"].map(items) > last.groupby("user_id")["item_id"].transform("size")
    last = last[several].reset_index(drop=True)
    if last.empty:
        raise BadInput("No user bought two items at different times: there is no purchase that could be held out.")
    held_out = pd.MultiIndex.from_frame(interactions[["user_id", "item_id"]]).isin(pd.MultiIndex.from_frame(last))
    held_out |= interactions["timestamp"] == interactions["user_id"].map(moments.loc[last["user_id"].unique()])
    return interactions[~held_out].reset_index(drop=True), last
