"""Tables whose columns stand one below the other give their rows; where columns are not certain there is no table."""

import pytest

from kartograph.tables.formats.delimited.aligned import aligned_of

ROWS = [("1", "a b"), ("3", "c")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id  title\n1   a b\n    b\n3   c\n", 3),
        ("\n\nid    title\n 1    a b\n      b\n 3    c\n", 5),
        ("  id  title\r\n   1  a b\r\n      b\r\n   3  c\r\n", 3),
        ("\ufeffid  title\n1   a b\n    b\n3   c\n", 3),
        ("id  title     size\n1   a b          4\n    b\n3   c         1000\n", 3),
    ],
    ids=["left", "right", "line ends", "mark", "a column of numbers"],
)
def test_columns_are_apart_where_every_line_is_blank(read, text, line):
    assert read(text.encode(), "rows.txt")[:2] == (ROWS, [("rows.txt", line, "no id")])


def test_names_and_values_may_hold_blanks_that_stand_in_line():
    result = aligned_of(
        b"user id  bought at         item\nu1       2024-01-01 10:00  a\nu2       2024-01-02 11:00  b\n"
    )
    assert result is not None and result.columns == ("user id", "bought at", "item")
    assert result.spans == ((0, 7), (9, 16), (27, 1_000_000)) and result.gaps == ((7, 2), (25, 2))


def test_names_of_rows_need_no_name():
    result = aligned_of(b"   id  title\n0   1      a\n1   3      c\n")
    assert result is not None and result.columns == ("", "id", "title")
    result = aligned_of(b"    id title\n0    1     a\n1    3   c d\n10  22     e\n")
    assert result is not None and result.columns == ("", "id", "title")


def test_words_are_values_where_columns_are_not_in_line_and_all_lines_have_as_many(read):
    assert read(b"id    title\n1 ab\n100000  c\n", "rows.txt")[:2] == ([("1", "ab"), ("100000", "c")], [])


def test_a_value_between_two_columns_below_what_was_looked_at_is_a_reject(read):
    text = "id    title\n" + "1     ab\n" * 6_000 + "1 2   ab\n1  long\n"
    rows, bad, _ = read(text.encode(), "rows.txt")
    assert len(rows) == 6_000
    reason = "a value stands between two columns"
    assert bad == [("rows.txt", 6_002, reason), ("rows.txt", 6_003, reason)]


def test_columns_may_be_named_where_there_is_no_header(read):
    assert read(b"1   a b\n3   c\n", "rows.txt", columns=("id", "title"))[0] == ROWS
    assert read(b"id  title\n1   a b\n3   c\n", "rows.txt", columns=("id", "title"))[0] == ROWS


@pytest.mark.parametrize(
    "text",
    [
        "id  title\n1 a b\n300000   c\n",
        "1   a\n3   c\n",
        "id  title\n",
        "id title\n1  a\n",
        "id,  title\n1,  a\n",
        "id  title\n1   a    b\n2   a    c\n",
        "some words  and more\nof a text that means nothing\nto anybody\n",
        "",
    ],
    ids=["not in line", "no header", "no row", "one blank", "commas", "no name", "prose", "nothing"],
)
def test_what_is_not_certain_is_no_table_of_columns_in_line(text):
    assert aligned_of(text.encode()) is None
