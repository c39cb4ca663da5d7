"""Tests of what `evaluate preaddl` and `train` read."""

import pytest

from kartograph.evaluation.papers.preaddl.shop import read_shop
from kartograph.models.preaddl.pairs import PairOptions, prepare
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import silent


def test_sessions_are_visitors_and_the_order_of_their_clicks_is_time(tmp_path):
    file = tmp_path / "sessions.csv"
    file.write_text("session_id,position,item_id\n10,0,c\n9,1,b\n9,0,a\n")
    events = read_shop(file, silent).events
    assert events.to_dict("list") == {
        "user_id": ["9", "9", "10"],
        "item_id": ["a", "b", "c"],
        "event": ["view", "view", "view"],
        "timestamp": [0, 1, 2],
    }


def test_the_latest_sessions_are_the_test_part(tmp_path):
    file = tmp_path / "sessions.csv"
    clicks = [f"{session},{place},{'ab'[place]}" for session in range(10) for place in (0, 1)]
    file.write_text("\n".join(["session_id,position,item_id", *clicks]) + "\n")
    prepared = prepare(read_shop(file, silent), PairOptions(test_share=0.2))
    assert prepared.visitors.external.tolist() == [str(session) for session in range(8)]
    assert (prepared.test.visitors == -1).all()  # nobody knows the visitor of a later session
    assert prepared.facts["test_positives"] == 2 * 2


def test_interactions_without_a_time_are_refused(tmp_path):
    file = tmp_path / "interactions.csv"
    file.write_text("user_id,item_id,event\nu,a,view\n")
    with pytest.raises(BadInput, match="events without a time"):
        read_shop(file, silent)
