import pandas as pd
import pytest

from kartograph.tables.contents.interactions import read_interactions, read_user_items
from kartograph.tables.contents.sequences import read_sequences
from kartograph.tables.errors import BadInput


def _file(folder, text, name="clicks.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_sessions_with_whole_numbers_come_by_number_and_clicks_by_position(tmp_path):
    path = _file(tmp_path, "session_id,position,item_id\n10,1,b\n9,0,c\n10,0,a\n")

    clicks = read_sequences(path)

    assert clicks["session_id"].tolist() == ["9", "10", "10"]
    assert clicks["item_id"].tolist() == ["c", "a", "b"]


def test_other_sessions_come_as_they_first_appear(tmp_path):
    path = _file(tmp_path, "position,session_id,item_id,more\n1,z,b,1\n0,y,c,2\n0,z,a,3\n")

    assert read_sequences(path)["item_id"].tolist() == ["a", "b", "c"]


def test_ids_keep_their_spelling_in_csv_and_parquet(tmp_path):
    text = _file(tmp_path, "session_id,position,item_id\n1,0,007\n")
    table = tmp_path / "clicks.parquet"
    pd.DataFrame({"session_id": [1], "position": [0], "item_id": [7]}).to_parquet(table)

    assert read_sequences(text)["item_id"].tolist() == ["007"]
    assert read_sequences(table)["item_id"].tolist() == ["7"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("session_id,item_id\n1,a\n", "has no column 'position'"),
        ("session_id,position,item_id\n", "has no rows"),
        ("session_id,position,item_id\n1,0,a\n1,x,b\n", "data row 2: position is 'x'. It has to be a whole number"),
        ("session_id,position,item_id\n1,0,\n", "data row 1: item_id is empty"),
        ("session_id,position,item_id,target\n1,0,a,b\n1,1,a,c\n", "names 2 targets for session '1'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, message):
    with pytest.raises(BadInput, match=message):
        read_sequences(_file(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"nothing\.csv is not a file"):
        read_sequences(tmp_path / "nothing.csv")


def test_interactions_have_known_events_and_whole_times(tmp_path):
    good = _file(tmp_path, "user_id,item_id,event,timestamp\nu,a,buy,5\n")
    assert read_interactions(good).to_dict("records") == [
        {"user_id": "u", "item_id": "a", "event": "buy", "timestamp": 5}
    ]

    bad = _file(tmp_path, "user_id,item_id,event,timestamp\nu,a,sold,5\n")
    with pytest.raises(BadInput, match=r"event is 'sold'\. Allowed are view, cart, buy, borrow"):
        read_interactions(bad)


def test_a_test_part_needs_users_and_items_only(tmp_path):
    assert read_user_items(_file(tmp_path, "item_id,user_id\na,u\n")).to_numpy().tolist() == [["u", "a"]]
    with pytest.raises(BadInput, match="needs at least one interaction"):
        read_user_items(_file(tmp_path, "item_id,user_id\n"))
