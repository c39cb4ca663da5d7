"""Tables drawn with lines, in Markdown or as terminals print them, give their rows and the lines of their rejects."""

import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.delimited.drawn import drawing_of

ROWS = [("1", "a b"), ("3", "c")]
FRAME = (
    "┏━━━━┳━━━━━━━┓\n┃ id ┃ title ┃\n┡━━━━╇━━━━━━━┩\n│ 1  │ a b   │\n│    │ b     │\n│ 3  │ c     │\n└────┴───────┘\n"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("| id | title |\n| :-- | --: |\n| 1 | a b |\n| | b |\n| 3 | c |\n", 4),
        ("# Sales\n\nid | title\n--- | ---\n1 | a b\n | b\n3 | c\n", 6),
        (" id | title \n----+-------\n  1 | a b\n    | b\n  3 | c\n(3 rows)\n\n", 4),
        (
            "+----+---+\n| id | title |\n+----+---+\n| 1 | a b |\n|  | b |\n| 3 | c |\n+----+---+\n3 rows in set",
            5,
        ),
        ("id,title\n--,-----\n1,a b\n,b\n3,c\n\n(3 rows affected)\n", 4),
        ("id  title\r\n--  -----\r\n1   a b\r\n    b\r\n3   c\r\n\r\n(3 rows affected)\r\n", 4),
        (FRAME, 5),
    ],
    ids=["Markdown", "Markdown without ends", "psql", "MySQL", "sqlcmd", "widths", "frame"],
)
def test_rows_of_a_drawn_table_have_neither_lines_nor_the_blanks_around_them(read, text, line):
    assert read(text.encode(), "rows.txt")[:2] == (ROWS, [("rows.txt", line, "no id")])


def test_a_bar_that_is_escaped_is_one_and_a_line_of_another_width_is_a_reject(read):
    rows, bad, _ = read(b"| id | title |\n|--|--|\n| 1 | a \\| b |\n| 2 |\n", "rows.md")
    assert (rows, bad) == ([("1", "a | b")], [("rows.md", 4, "another number of values")])


def test_columns_of_a_drawn_table_may_be_named(read):
    assert read(b"| x | y |\n|---|---|\n| 1 | a |\n", "rows.md", columns=("id", "title"))[0] == [("1", "a")]
    with pytest.raises(BadInput, match="has 2 columns, --columns names 1"):
        read(b"| x | y |\n|---|---|\n| 1 | a |\n", "rows.md", columns=("id",))


@pytest.mark.parametrize(
    "text",
    [
        "id,title\n-,-\n1,a\n",
        "id,title\n1,--\n",
        "id,title\n1,a\n--,--\n",
        "Sales\n-----\nid,title\n1,a\n",
        "--\n-- SQL\n",
        "",
        "a\n--",
    ],
)
def test_dashes_alone_draw_no_table(text):
    assert drawing_of(text.encode()) is None
