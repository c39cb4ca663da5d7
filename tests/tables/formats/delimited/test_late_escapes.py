"""Quotes behind backslashes that come after the part of a file by which its dialect is seen."""

import pytest

from kartograph.tables.formats.delimited.dialect import SAMPLE_BYTES

PLAIN = b"%d,plain title of an item\n"
MANY = SAMPLE_BYTES // len(PLAIN) + 1
HEAD = b"id,title\n" + b"".join(PLAIN % number for number in range(MANY))
FIRST = MANY + 2
"""The line after that."""


def late(read, lines: bytes):
    rows, bad, notes = read(HEAD + lines, "items.csv")
    return rows[MANY:], bad, notes


def test_lines_with_quotes_behind_backslashes_are_read_where_they_are_no_rows_otherwise(read):
    rows, bad, notes = late(read, b'a,"5\\" pipe"\nb,"C:\\"\n,none\nc,"a, \\"b\\", c"\nd,"6\\""\ne,"plain"\n')
    assert rows == [("a", '5" pipe'), ("b", "C:\\"), ("c", 'a, "b", c'), ("d", '6"'), ("e", "plain")]
    assert bad == [("items.csv", FIRST + 2, "no id")]
    assert notes == {'lines of items.csv with quotes behind backslashes, as in "5\\" pipe", which are quotes': 3}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'a,"5\\" pipe",more', "a quoted value goes on after its closing quote"),
        (b"a,red\\, blue", "too many fields, and a backslash before a delimiter"),
        (b"a,red, blue", "too many fields"),
    ],
)
def test_other_lines_stay_rejects_whose_reason_names_the_backslash(read, line, reason):
    assert late(read, line + b"\nb,plain\n")[:2] == ([("b", "plain")], [("items.csv", FIRST, reason)])
