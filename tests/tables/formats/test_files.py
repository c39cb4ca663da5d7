"""Tests of finding files and of reading their headers."""

import gzip

import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.delimited.dialect import Layout
from kartograph.tables.formats.files import find_files, left_out, require_columns
from kartograph.tables.formats.prepare import layout_of


def test_a_file_a_folder_and_a_pattern_name_files(tmp_path):
    for name in ("b.CSV", "a.csv.gz", "c.parquet", "d.tsv.zst", "e.ZIP", "f.Jsonl", "notes.md", ".hidden.csv"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    tables = ["a.csv.gz", "b.CSV", "c.parquet", "d.tsv.zst", "e.ZIP", "f.Jsonl"]
    assert [file.name for file in find_files(tmp_path)] == tables
    by_name = "no table by its name"
    assert {file.name: why for file, why in left_out(tmp_path, find_files(tmp_path)).items()} == {
        ".hidden.csv": by_name, "more": by_name, "notes.md": by_name,
    }  # fmt: skip
    assert [file.name for file in find_files(f"{tmp_path}/*.csv*")] == ["a.csv.gz"]
    assert find_files(tmp_path / "notes.md") == [tmp_path / "notes.md"]


COMPANIONS = ["readme.txt", "README-2024.csv", "LICENSE", "licence.txt", "_SUCCESS", ".a.csv.crc", "SHA256SUMS.txt",
    "manifest.json", "sitemap-1.xml", "Read me.txt", "~$a.xlsx"]  # fmt: skip


def test_what_lies_beside_data_and_empty_parts_are_left_out_by_name(tmp_path):
    for name in (*COMPANIONS, "changelog.csv", "licensed.csv", "readmes.csv", "manifest.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    (tmp_path / "part-1.csv").write_bytes(b"\n")
    (tmp_path / "part-2.csv.gz").write_bytes(gzip.compress(b""))
    data = ["changelog.csv", "licensed.csv", "manifest.csv", "readmes.csv"]
    assert [file.name for file in find_files(tmp_path)] == data
    reasons = dict.fromkeys(COMPANIONS, "no table by its name") | {"part-1.csv": "empty", "part-2.csv.gz": "empty"}
    assert {file.name: why for file, why in left_out(tmp_path, find_files(tmp_path)).items()} == reasons
    for name in data:
        (tmp_path / name).unlink()
    assert [file.name for file in find_files(tmp_path)] == ["part-1.csv", "part-2.csv.gz"]


def test_a_name_with_the_signs_of_a_pattern_is_a_file_first(tmp_path):
    (tmp_path / "a[1].csv").touch()
    assert find_files(tmp_path / "a[1].csv") == [tmp_path / "a[1].csv"]


def test_what_is_not_there_is_an_error_that_says_so(tmp_path):
    with pytest.raises(BadInput, match=r"nothing.csv is not there: it is no file, no folder, and no pattern"):
        find_files(tmp_path / "nothing.csv")
    with pytest.raises(BadInput, match=r"holds no file that ends in .csv, .tsv"):
        find_files(tmp_path)


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (b"a,b\n1,2\n", Layout("csv", ("a", "b"), ",", "\n")),
        (b"\xef\xbb\xbfa;b\r\n1;2\r\n", Layout("csv", ("a", "b"), ";", "\r\n")),
        (b'"a, or b"\tc\n', Layout("csv", ("a, or b", "c"), "\t", "\n")),
        (b"a,a,,A\n", Layout("csv", ("a", "a_2", "column_3", "A_4"), ",", "\n")),
        (b"only\n", Layout("csv", ("only",), ",", "\n")),
        (b"a,b\r1,2\r", Layout("csv", ("a", "b"), ",", "\r")),
        (b"\nsep=;\n# made by hand\na;b,c\n1;2\n", Layout("csv", ("a", "b,c"), ";", "\n")),
        (b"#user,item\nu,1\n", Layout("csv", ("user", "item"), ",", "\n")),
        (b"a::b:c\n1::2:3\n", Layout("csv", ("a", "b:c"), "::", "\n")),
        (b"a|b||c\n1|2|3|4\n", Layout("csv", ("a", "b", "column_3", "c"), "|", "\n")),
        (b"a b\n1 2\n", Layout("csv", ("a", "b"), " ", "\n")),
        (b"a name\nword\n", Layout("csv", ("a name",), ",", "\n")),
        ("a,é\r\n1,2\r\n".encode("utf-16"), Layout("csv", ("a", "é"), ",", "\r\n")),
    ],
)
def test_the_header_tells_columns_delimiter_and_line_end(tmp_path, content, layout):
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    assert layout_of(path) == layout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty: it has no header in its first line"),
        (b"\n \n", "is empty: it has no header in its first line"),
        (b"a,\xe9\n", r"is not UTF-8: byte 0xe9 at line 1, byte 3. Say how it is written with --encoding"),
        (b"a\x00,b\n", r"holds NUL bytes \(line 1, character 2\)"),
        (b"\n" + b"x" * 2_000_000 + b"\n1\n", r"\(line 2\) is longer than 1 MB"),
    ],
)
def test_a_file_without_a_readable_header_is_refused(tmp_path, content, words):
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        layout_of(path)


def test_a_parquet_file_that_is_none_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(BadInput, match="is not a Parquet file that can be read"):
        layout_of(path)


def test_every_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"no column 'user', 'item' \(did you mean 'Items'\?\). Its columns are 'Items'"):
        require_columns(tmp_path / "rows.csv", ("Items",), ("user", "item"))
