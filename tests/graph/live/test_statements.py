"""Tests of what each statement of a transaction gets, by hand."""

import pyarrow as pa

from kartograph.graph.live.statements import COLUMNS, statements_of

TEXTS = {"user_id", "session_id", "item_id", "event", "event_key", "category_id", "named", "kind"}


def tables(**rows: list[tuple]) -> dict[str, pa.Table]:
    def column(name: str) -> pa.DataType:
        numbers = pa.float64() if name in ("quantity", "returned") else pa.int64()
        return pa.string() if name in TEXTS else pa.bool_() if name in ("fresh", "kept", "anonymous") else numbers

    return {
        name: pa.Table.from_pydict(
            {one: [row[place] for row in rows.get(name, [])] for place, one in enumerate(names)},
            schema=pa.schema([(one, column(one)) for one in names]),
        )
        for name, names in COLUMNS.items()
    }


def test_users_sessions_and_items_are_named_by_their_places_new_users_before_known_ones():
    block = statements_of(
        tables(
            users_added=[("new", 1, 5)],
            sessions_added=[
                ("known@1", "known", 1, 5, 1, None),
                ("new@1", "new", 1, 5, 2, None),
                ("s", None, 1, 1, 1, "n"),
            ],
            session_items_added=[
                ("known@1", "b", 0, 1, "view", "k0", None, None, None, None, None, True, True),
                ("new@1", "a", 0, 1, "view", "k1", "c", None, None, 2.0, 1.0, True, True),
                ("new@1", "b", 1, 5, "buy", "k2", None, None, None, None, None, True, True),
                ("new@1", "b", 0, 6, "return", "k4", None, None, None, None, None, False, True),
                ("s", "a", 0, 1, "view", "k3", None, 7, True, None, None, True, False),
            ],
            user_items_added=[("new", "a", "VIEWED", 1, 1, 1), ("other", "b", "BOUGHT", 2, 1, 5)],
        )
    )
    [(name, given), later] = block.statements
    assert name == "create"
    assert later == (
        "create_events",
        {"rows": [("new@1", [("b", 0, 6, "return", "k4", None, None, None, None, None, False)])]},
    )
    assert given["users"] == [("new", 1, 5)]
    assert given["known"] == ["known", "other"]
    assert given["items"] == ["b", "a"]
    assert given["sessions"] == [
        ("known@1", 1, 1, 5, 1, None),
        ("new@1", 0, 1, 5, 2, None),
        ("s", None, 1, 1, 1, "n"),
    ]
    assert given["events"] == [
        (0, 0, 0, 1, "view", "k0", None, None, None, None, None),
        (1, 1, 0, 1, "view", "k1", "c", None, None, 2.0, 1.0),
        (1, 0, 1, 5, "buy", "k2", None, None, None, None, None),
        (2, 1, 0, 1, "view", "k3", None, 7, True, None, None),
    ]
    assert given["edges"] == [(0, 1, "VIEWED", 1, 1, 1), (2, 0, "BOUGHT", 2, 1, 5)]
    assert block.rows == 4


def test_events_of_sessions_that_are_there_go_to_these():
    block = statements_of(
        tables(
            session_items_added=[("old", "a", 3, 9, "view", "k9", None, None, None, None, None, True, True)],
            session_items_changed=[
                ("old", "k1", 2, "c", None, None, 3.0, 1.0),
                ("old", "k2", 4, None, None, None, None, None),
            ],
            user_items_removed=[("u", "a", "BOUGHT")],
            session_items_removed=[("old", "k3"), ("old", "k4"), ("older", "k5")],
        )
    )
    assert block.statements == [
        ("delete_events", {"rows": [{"session": "old", "keys": ["k3", "k4"]}, {"session": "older", "keys": ["k5"]}]}),
        ("create_events", {"rows": [("old", [("a", 3, 9, "view", "k9", None, None, None, None, None, True)])]}),
        (
            "change_events",
            {"rows": [("old", {"k1": [2, "c", None, None, 3.0, 1.0], "k2": [4, None, None, None, None, None]})]},
        ),
        ("delete_edges", {"rows": [("u", [("a", "BOUGHT")])]}),
    ]
    assert block.rows == 1


def test_a_block_without_rows_has_no_statements():
    assert statements_of(tables()).statements == []
