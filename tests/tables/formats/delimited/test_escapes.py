"""Text tables with backslashes before what stands for itself."""

import pytest

QUOTED = (
    b'"id","title"\n"1","5\\" pipe"\n"2","pipe 5\\""\n"3","C:\\\\new\\\\"\n"4","a, \\"b\\", c"\n5,\\N\n'
    b'"6","two\nlines"\n,"none"\n'
)
"""As MySQL and Spark write it; the last row has no id."""
BARE = b'id\ttitle\n1\tLamp\\\tred\n2\ttwo\\\nlines\n3\tC:\\\\new\n4\t5" pipe\n5\t\\N\n6\t"so" called\n\tnone\n'
"""As `SELECT … INTO OUTFILE` and `COPY … TO` write it."""


def test_quotes_behind_a_backslash_are_letters_and_places_hold(read):
    rows, bad, _ = read(QUOTED, "dump.csv")
    assert rows == [
        ("1", '5" pipe'), ("2", 'pipe 5"'), ("3", "C:\\new\\"), ("4", 'a, "b", c'), ("5", "\\N"), ("6", "two\nlines"),
    ]  # fmt: skip
    assert bad == [("dump.csv", 9, "no id")]


def test_delimiters_and_line_ends_behind_a_backslash_are_letters_and_so_are_quotes(read):
    rows, bad, _ = read(BARE, "dump.txt")
    assert rows == [
        ("1", "Lamp\tred"), ("2", "two\nlines"), ("3", "C:\\new"), ("4", '5" pipe'), ("5", "\\N"), ("6", '"so" called'),
    ]  # fmt: skip
    assert bad == [("dump.txt", 9, "no id")]


@pytest.mark.parametrize("title", [b"a\\tb", b"a\\\tb"])
def test_a_tab_is_written_in_two_ways(read, title):
    assert read(b"1\t" + title + b"\t\\N\n", "copy.txt", columns=("id", "title", "-"))[0] == [("1", "a\tb")]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b'id,title\n1,"C:\\"\n2,"D:\\"\n3,"say ""\\"""\n', [("1", "C:\\"), ("2", "D:\\"), ("3", 'say "\\"')]),
        (b"id,title\n1,C:\\new\\\n2,\\\\server\n", [("1", "C:\\new\\"), ("2", "\\\\server")]),
        (b"id\ttitle\n1\tC:\\\n2\tD:\\\n", [("1", "C:\\"), ("2", "D:\\")]),
    ],
)
def test_a_backslash_is_a_letter_where_quotes_are_doubled_or_rows_are_whole_without_it(read, content, rows):
    assert read(content, "paths.csv")[:2] == (rows, [])


def test_a_value_may_lie_over_the_end_of_a_block(read, monkeypatch):
    monkeypatch.setattr("kartograph.tables.formats.delimited.text_copy._BLOCK", 8)
    rows = read(BARE, "dump.txt")[0]
    assert rows[:2] == [("1", "Lamp\tred"), ("2", "two\nlines")] and len(rows) == 6
