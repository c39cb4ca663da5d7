"""Tests of the query loader on texts of its own; the files themselves are checked in test_files.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph import queries
from kartograph.tables.errors import QueryNotFound


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two statements in the place of the real one."""
    (tmp_path / "explore").mkdir()
    (tmp_path / "explore" / "top_items.cypher").write_text(
        '// The items with most events.\n//\n// Returns: id STRING\n/*\n:param k => 10\n:param name => "a // b"\n*/\n'
        "MATCH (i:Item) WHERE i.title <> '$no // comment' AND i.title <> $name\n"
        "RETURN i.id AS id ORDER BY id LIMIT $k;\n",
        "utf-8",
    )
    (tmp_path / "explore" / "funnel.cypher").write_text("// Funnel.\nRETURN 1 AS one;\n", "utf-8")
    monkeypatch.setattr(queries, "files", lambda package: tmp_path)
    queries.load.cache_clear()
    yield tmp_path
    queries.load.cache_clear()


def test_a_statement_keeps_the_text_of_its_file_and_knows_its_body_and_parameters(folder):
    statement = queries.load("explore/top_items")
    assert statement.name == "explore/top_items"
    assert statement.text == (folder / "explore" / "top_items.cypher").read_text("utf-8")
    assert statement.body.startswith("MATCH (i:Item) WHERE i.title <> '$no // comment'")
    assert statement.parameters == {"k", "name"}
    assert statement.shown == {"k": "10", "name": '"a // b"'}


def test_a_statement_without_parameters_has_none(folder):
    assert queries.load("explore/funnel").parameters == frozenset()


def test_a_misspelt_name_is_told_the_path_and_close_matches(folder):
    with pytest.raises(
        QueryNotFound, match=r'^queries/explore/funel\.cypher does not exist; did you mean "explore/funnel" or'
    ):
        queries.load("explore/funel")


def test_a_name_in_the_wrong_folder_is_told_the_right_one(folder):
    with pytest.raises(QueryNotFound, match='did you mean "explore/funnel"'):
        queries.load("recommend/funnel")


def test_a_name_like_no_other_is_told_the_folders(folder):
    with pytest.raises(QueryNotFound, match=r"the folders hold explore$"):
        queries.load("zzz")


@pytest.mark.parametrize("name", ["../errors", "explore/../explore/funnel", "", "/etc/passwd", "explore//funnel"])
def test_a_name_never_leaves_the_folder(folder, name):
    with pytest.raises(QueryNotFound):
        queries.load(name)


def test_names_lists_every_file_below_the_folder(folder):
    assert queries.names() == ["explore/funnel", "explore/top_items"]


def test_comments_in_strings_and_quoted_names_are_no_comments():
    text = "RETURN 'http://a' AS `x // y`, \"/* no */\" AS b // yes\n/* yes\n yes */"
    assert queries.without_comments(text) == "RETURN 'http://a' AS `x // y`, \"/* no */\" AS b"


@given(st.text(alphabet=" ab'\"`/*$\\\n1"))
def test_any_text_is_parsed_without_error_and_stripping_gains_nothing(text):
    assert len(queries.without_comments(text)) <= len(text)
    queries.parameters_of(text)
