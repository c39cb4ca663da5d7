"""One JSON value in each of the shapes in which programs write tables gives its rows."""

import pytest

from kartograph.tables.formats.nested.json_shapes import as_rows

A, B = {"user": "u1", "item": "a"}, {"user": "u2", "item": "b"}


@pytest.mark.parametrize(
    "value",
    [
        {"user": {"0": "u1", "1": "u2"}, "item": {"0": "a", "1": "b"}},
        {"user": ["u1", "u2"], "item": ["a", "b"]},
        {"columns": ["user", "item"], "index": [0, 1], "data": [["u1", "a"], ["u2", "b"]]},
        {"data": {"cols": [{"name": "user"}, {"name": "item"}], "rows": [["u1", "a"], ["u2", "b"]]}},
        {"range": "A1:B3", "values": [["user", "item"], ["u1", "a"], ["u2", "b"]]},
        [["user", "item"], ["u1", "a"], ["u2", "b"]],
    ],
    ids=["columns by number", "columns", "split", "columns that have names", "values below names", "lists"],
)
def test_columns_and_names_apart_from_rows_give_the_rows(value):
    assert as_rows(value) == [A, B]


def test_objects_by_ids_are_rows_with_their_id_as_key():
    assert as_rows({"-N1": A, "-N2": B}) == [{"key": "-N1", **A}, {"key": "-N2", **B}]
    assert as_rows({"0": A, "1": B}) == [{"key": "0", **A}, {"key": "1", **B}]
    assert as_rows({"events": {"-N1": A}, "version": 2}) == {"events": [{"key": "-N1", **A}], "version": 2}
    many = {name: {"n": 1} for name in "abcdef"}
    assert as_rows(many) == [{"key": name, "n": 1} for name in "abcdef"]


def test_ids_below_ids_are_lists_in_rows():
    by_user = {"u1": {"-N1": {"item": "a"}}, "u2": {"-N2": {"item": "b"}, "-N3": {"item": "c"}}}
    rows = [
        {"key": "u1", "records": [{"key": "-N1", "item": "a"}]},
        {"key": "u2", "records": [{"key": "-N2", "item": "b"}, {"key": "-N3", "item": "c"}]},
    ]
    assert as_rows(by_user) == rows
    by_name = {"ann": by_user["u1"], "bob": by_user["u2"]}
    assert as_rows(by_name) == [{**rows[0], "key": "ann"}, {**rows[1], "key": "bob"}]


def test_lists_by_ids_are_rows_of_keys_and_values():
    assert as_rows({"u1": ["a", "b"], "u2": ["a"]}) == [
        {"key": "u1", "value": "a"}, {"key": "u1", "value": "b"}, {"key": "u2", "value": "a"},
    ]  # fmt: skip
    assert as_rows({"u1": ["a"], "u2": ["b"]}) == [{"key": "u1", "value": "a"}, {"key": "u2", "value": "b"}]


@pytest.mark.parametrize(
    "value",
    [
        {"user": {"id": 1}, "item": {"id": 2}, "event": {"type": "view"}},
        {"session": 1, "events": [A, B]},
        {"hits": {"hits": [A]}},
        {"items": ["a", "b"], "tags": ["new"]},
        [A, B],
        [["u1", 1], ["u2", 2]],
        {}, [], None, 7, "text",
    ],
)  # fmt: skip
def test_what_is_a_row_or_a_list_of_rows_already_is_left_as_it_is(value):
    assert as_rows(value) is None
