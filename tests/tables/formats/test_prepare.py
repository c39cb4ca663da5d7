"""Tests of formats: archives, workbooks, JSON, Parquet and uncommon text tables come out as rows with their lines."""

import gzip
import io
import json
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats import fields
from kartograph.tables.formats.files import find_files

PLAIN = b"id,title\n1,a\n,b\n3,c\n"
ROWS = [("1", "a"), ("3", "c")]


def zipped(**members: bytes) -> bytes:
    target = pa.BufferOutputStream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue().to_pybytes()


def zstandard(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PLAIN.replace(b"\n", b"\r"), 3),
        (PLAIN.replace(b"\n", b"\r\n"), 3),
        (b"sep=;\n" + PLAIN.replace(b",", b";"), 4),
        (b"# made on a Monday\n\n" + PLAIN.replace(b",b\n", b"# between\n,b\n"), 6),
        (PLAIN.replace(b",", b"::"), 3),
        (PLAIN.decode().encode("utf-16"), 3),
        (b"\xef\xbb\xbf" + PLAIN, 3),
        (b"#" + PLAIN, 3),
    ],
    ids=["cr", "crlf", "sep", "comments", "colons", "utf-16", "mark", "commented header"],
)
def test_a_text_table_of_any_dialect_gives_its_rows_and_the_lines_of_its_rejects(read, content, line):
    assert read(content, "rows.csv")[:2] == (ROWS, [("rows.csv", line, "no id")])


def test_values_between_delimiters_of_several_characters_stay_as_they_are(read):
    rows, bad, _ = read(b'id::title\n1::"Quoted" and, more\n\n2::a:b\n', "rows.dat")
    assert (rows, bad) == ([("1", '"Quoted" and, more'), ("2", "a:b")], [])


def test_columns_are_named_where_there_is_no_header(read):
    rows, bad, _ = read(b"1,x,a\n,x,b\n3,x,c\n", "rows.csv", columns=("id", "-", "title"))
    assert (rows, bad) == (ROWS, [("rows.csv", 2, "no id")])
    assert read(PLAIN, "rows.csv", columns=("ID", "title"), wanted={"id": fields.identifier("ID")})[0] == [
        ("1",),
        ("3",),
    ]
    with pytest.raises(BadInput, match=r"rows.csv has 2 values in line 1, --columns names 1: id. Name every column"):
        read(PLAIN, "rows.csv", columns=("id",))


def test_an_encoding_that_is_said_is_read_and_wrong_bytes_are_told_with_their_place(read):
    assert read("id,title\n1,café\n".encode("latin-1"), "rows.csv", encoding="latin-1")[0] == [("1", "café")]
    with pytest.raises(BadInput, match=r"rows.csv is not ascii: byte 15 \(line 2\)"):
        read("id,title\n1,café\n".encode("latin-1"), "rows.csv", encoding="ascii")
    with pytest.raises(BadInput, match="'martian' is no encoding"):
        read(PLAIN, "rows.csv", encoding="martian")


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("rows.csv.gz", gzip.compress(PLAIN), "rows.csv.gz"),
        ("rows.CSV.zst", zstandard(PLAIN), "rows.CSV.zst"),
        ("packed though it does not say so.csv", gzip.compress(PLAIN), "packed though it does not say so.csv"),
        ("rows.zip", zipped(in__rows_csv=PLAIN), "rows.zip/in/rows.csv"),
        ("rows.zip", zipped(rows_csv_gz=gzip.compress(PLAIN)), "rows.zip/rows.csv.gz"),
    ],
)
def test_packed_tables_are_unpacked_and_rejects_name_the_member(read, name, content, shown):
    assert read(content, name)[:2] == (ROWS, [(shown, 3, "no id")])


def test_what_is_no_table_in_an_archive_or_a_folder_is_named(read, tmp_path):
    rows, _, notes = read(zipped(a_csv=PLAIN, b_tsv=b"title\tid\nd\t4\n", readme_md=b"hello"), "rows.zip")
    assert rows == [*ROWS, ("4", "d")]
    assert notes == {f"left out: {tmp_path}/rows.zip/readme.md (no table)": 1}


EVENTS_IN_XML = "<rows><row id='5' title='e'/><row id='6' title='f'/></rows>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_in_an_archive_or_a_folder_is_read_beside_other_formats(read, tmp_path, encoding):
    content = EVENTS_IN_XML.encode(encoding)
    both = [*ROWS, ("5", "e"), ("6", "f")]
    rows, bad, notes = read(zipped(a_csv=PLAIN, b_XML=content), "rows.zip")
    assert (rows, bad, notes) == (both, [("rows.zip/a.csv", 3, "no id")], {})
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.csv").write_bytes(PLAIN)
    assert read(content, "folder/b.xml")[0] == both[-2:]
    assert [file.name for file in find_files(tmp_path / "folder")] == ["a.csv", "b.xml"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<urlset><url><loc>a</loc></url><url><loc>b</loc></url></urlset>", "b.xml is a map of a web site, no table"),
        ("<svg><g><a id='1'/><a id='2'/></g></svg>", "b.xml is a picture, no table"),
        ("<?xml version='1.0'?><html><p id='1'/><p id='2'/></html>", "b.xml is a web page"),
        ("<html><p>Log in</p></html>", "b.xml is a web page"),
    ],
)
def test_xml_of_another_kind_is_named_in_an_archive_too(read, text, words):
    with pytest.raises(BadInput, match=f"rows.zip/{words}"):
        read(zipped(a_csv=PLAIN, b_xml=text.encode()), "rows.zip")


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :]


MANY = b"id,title\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(20_000))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv.gz", gzip.compress(MANY)[:-3000], r"a.csv.gz cannot be unpacked \(gzip\): it is damaged or cut off"),
        ("a.csv.gz", flipped(gzip.compress(MANY), 30_000), r"damaged or cut off after [0-9,]+ unpacked bytes"),
        ("a.csv.gz", flipped(gzip.compress(MANY), 10), "damaged or cut off"),
        ("a.csv.gz", b"\x1f\x8b", "damaged or cut off after 0 unpacked bytes"),
        ("a.csv.gz", b"", "is empty"),
        ("a.csv.gz", gzip.compress(b""), "is empty"),
        ("a.csv.zst", zstandard(MANY)[:-3000], r"cannot be unpacked \(Zstandard\)"),
        ("a.zip", zipped(a_csv=MANY)[:-3000], r"a.zip cannot be unpacked \(zip\)"),
        ("a.zip", flipped(zipped(a_csv=MANY), 30_000), r"a.zip/a.csv cannot be unpacked \(zip\)"),
        ("a.zip", zipped(), "is an archive without files"),
        ("a.zip", zipped(a_csv=b""), "a.zip/a.csv is empty"),
        ("a.zip", zipped(a_md=b"x", b_md=b"y"), "holds no table: .*a.md"),
        ("a.parquet", b"PAR1 and nothing more", "is not a Parquet file that can be read"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "a.xlsx cannot be unpacked"),
        ("a.xlsx", zipped(xl__workbook_xml=b"<none/>"), "a.xlsx cannot be read as a workbook"),
        ("a.json", b'[{"id": 1},\n {"id": 2,,}]', "line 2 column 11"),
        ("a.json", b'[{"id": 1}', "a.json is no JSON that can be read"),
        ("a.jsonl", b"1\n2\n", "holds no JSON objects"),
        ("a.jsonl", b'{"id": "\xff"}\n', "is not UTF-8|no JSON"),
        ("a.csv", b"x" * 2_000_000 + b"\n1\n", "longer than 1 MB"),
        ("a.csv", b"\x89nothing that is known\n\x00\x00", "is not UTF-8"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture, no table"),
        ("a.xls", b"<html><table><tr><td>id</td></tr></table></html>", "is a web page"),
        ("a.csv", b"%PDF-1.4\n1 0 obj\n", "is a PDF document"),
        ("a.csv", b"-- a dump\nINSERT INTO events VALUES (1);\n", "is SQL, no table"),
        ("a.csv", b"version https://git-lfs.github.com/spec/v1\nsize 1\n", "Fetch it with `git lfs pull`"),
        ("a.parquet", b"\x00\x01 no text, no Parquet", "is not what its name says"),
        ("a.csv.lz4", b"\x04\x22\x4d\x18 packed", "packed as lz4"),
        ("a.json", b"[" * 2000 + b"]" * 2000, "nested too deeply"),
    ],
)
def test_what_is_damaged_empty_or_no_table_is_an_error_that_says_where(read, name, content, words):
    with pytest.raises(BadInput, match=words):
        read(content, name)


def test_json_lines_are_rows_and_a_line_that_is_none_is_a_reject(read):
    lines = b'{"id": 1, "title": "a"}\n\n{"id": 2,\n{"title": "b"}\n{"id": "003", "title": null, "more": [1]}\n'
    rows, bad, notes = read(lines, "rows.jsonl")
    assert rows == [("1", "a"), ("003", None)]
    assert bad == [("rows.jsonl", 3, "no JSON object"), ("rows.jsonl", 4, "no id")]
    assert [words.rpartition("/")[2] for words in notes] == ["rows.jsonl: the list 'more'"]


def test_lists_of_objects_are_rows_with_the_values_around_them(read):
    session = {
        "id": "s1",
        "by": {"name": "u"},
        "events": [{"what": "x", "n": 1}, {"what": "y", "n": 12345678901234567890}],
    }
    wanted = {name: fields.text(name) for name in ("id", "by.name", "what", "n", "position")}
    rows = [("s1", "u", "x", "1", "1"), ("s1", "u", "y", "12345678901234567890", "2")]
    assert read(json.dumps(session).encode(), "one.json", wanted)[0] == rows
    assert read(json.dumps([session]).encode(), "array.json", wanted)[0] == rows
    assert read(json.dumps({"sessions": [session]}, indent=1).encode(), "nested.json", wanted)[0] == rows
    basket = {"id": "s1", "items": ["x", "y"], "tags": ["new"]}
    assert read(json.dumps(basket).encode(), "basket.json", {"i": fields.text("id"), "x": fields.text("items")})[0] == [
        ("s1", "x"),
        ("s1", "y"),
    ]
    assert read((json.dumps(session) + "\n").encode() * 2, "lines.jsonl", wanted)[0] == rows * 2


def test_parquet_numbers_keep_no_point_and_lists_are_refused_with_a_sentence(read, tmp_path):
    pq.write_table(
        pa.table({"id": pa.array([1.0, None, 2.5]), "title": [b"x", b"y", None], "many": [[1], [2], None]}),
        tmp_path / "made.parquet",
    )
    content = (tmp_path / "made.parquet").read_bytes()
    assert read(content, "rows.parquet")[:2] == ([("1", "x"), ("2.5", None)], [("rows.parquet", 2, "no id")])
    with pytest.raises(BadInput, match=r"'many' holds lists or structures .* Unnest it"):
        read(content, "rows.parquet", {"id": fields.identifier("many")})


def test_a_broken_record_is_told_with_its_line_in_every_dialect(read):
    rows, bad, _ = read(b"sep=;\nid;title\n1;a\n2\n3;c\n", "rows.csv")
    assert (rows, bad) == (ROWS, [("rows.csv", 4, "too few fields")])
    rows, bad, _ = read(b"1::a\n2\n3::c\n", "rows.dat", columns=("id", "title"))
    assert (rows, bad) == (ROWS, [("rows.dat", 2, "too few fields")])


def tarred(mode: str, **members: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # pyright: ignore[reportCallIssue, reportArgumentType]
        for name, content in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


@pytest.mark.parametrize(("name", "mode"), [("t.tar", "w"), ("t.tar.gz", "w:gz"), ("t.tgz", "w:gz"), ("t", "w:xz")])
def test_a_tar_archive_reads_like_a_zip_and_names_what_is_no_table(read, name, mode):
    rows, bad, notes = read(tarred(mode, data__a_csv=PLAIN, README=b"x", README_txt=b"x", part_csv=b""), name)
    assert rows == ROWS
    assert bad == [(f"{name}/data/a.csv", 3, "no id")]
    assert [words.rpartition("/")[2] for words in notes] == [
        "README (no table)",
        "README.txt (no table)",
        "part.csv (empty)",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "is packed as 7z, which is not read. Unpack it"),
        (b"Rar!\x1a\x07\x01\x00", "is packed as rar"),
        (tarred("w", a_csv=PLAIN * 500)[:3000], "cannot be unpacked"),
        (tarred("w"), "is empty|holds NUL bytes"),
    ],
)
def test_archives_that_are_damaged_or_of_other_kinds_are_refused(read, content, words):
    with pytest.raises(BadInput, match=words):
        read(content, "archive")


@pytest.mark.parametrize(
    "content",
    [
        {"id": {"0": "1", "1": "3"}, "title": {"0": "a", "1": "c"}},
        {"columns": ["id", "title"], "index": [0, 1], "data": [["1", "a"], ["3", "c"]]},
        {"rows": [{"id": "1", "title": "a"}, {"id": "3", "title": "c"}]},
    ],
)
def test_a_json_table_that_is_one_object_reads_in_each_usual_shape(read, content):
    assert read(json.dumps(content).encode(), "t.json")[0] == ROWS


def test_a_json_object_that_is_no_row_is_refused_at_once(read):
    with pytest.raises(BadInput, match="an object with 6,000 names, which is no row"):
        read(json.dumps({f"u{n}": n for n in range(6_000)}).encode(), "t.json")
    with pytest.raises(BadInput, match="holds no plain values"):
        read(b'{"id": [[1, 2]]}', "t.json")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'"","id","title"\n"1","1","a"\n"2","","b"\n"3","3","c"\n', 3),
        (b'"id" "title"\n"1" "1" "a"\n"5" "" "b"\n"9" "3" "c"\n', 3),
        (b"id\ttitle\r\n1\t1\ta\r\n2\t\tb\r\n3\t3\tc\r\n", 3),
        (PLAIN.replace(b"\n", b",\n").replace(b"title,", b"title"), 3),
        (b"id,title,\n1,a\n,b\n3,c\n", 3),
        (b"'id','title'\r\n'1','a'\r\n'','b'\r\n'3','c'\r\n", 3),
    ],
    ids=["write.csv", "write.table", "row names in tabs", "rows end with one", "header ends with one", "single quotes"],
)
def test_names_of_rows_and_delimiters_at_line_ends_are_no_values(read, content, line):
    assert read(content, "rows.csv")[:2] == (ROWS, [("rows.csv", line, "no id")])


def test_single_quotes_hold_what_double_ones_do(read):
    content = b"'id','title'\n'1','it''s'\n'2','a, \"b\"'\n"
    assert read(content, "rows.csv")[0] == [("1", "it's"), ("2", 'a, "b"')]


def test_a_number_with_a_decimal_comma_is_not_taken_for_two_columns(read):
    rows, bad, _ = read(b"id,title\n1,3,50\n2,4,20\n", "rows.csv")
    assert rows == [] and {reason for _, _, reason in bad} == {"too many fields"}


def test_titles_and_blank_rows_above_a_header_are_left_out_and_named(read, tmp_path):
    rows, bad, notes = read(b"Sales,\n\n,\n" + PLAIN, "rows.csv")
    assert (rows, bad) == (ROWS, [("rows.csv", 6, "no id")])
    assert list(notes) == [f"left out: {tmp_path}/rows.csv, above the header: 'Sales'"]
    assert read(b"Sales of May\n" + PLAIN, "rows.csv")[:2] == (ROWS, [("rows.csv", 4, "no id")])


def test_a_header_that_comes_again_behind_a_mark_is_no_row(read):
    twice = PLAIN[:13] + "\ufeff".encode() + PLAIN
    assert read(twice, "rows.csv")[:2] == (
        [("1", "a"), *ROWS],
        [("rows.csv", 3, "the header again"), ("rows.csv", 5, "no id")],
    )


def test_a_header_that_comes_again_is_no_row(read):
    twice = gzip.compress(b"id,title\n1,a\n") + gzip.compress(b"ID,Title\n3,c\n")
    assert read(twice, "rows.csv.gz")[:2] == (ROWS, [("rows.csv.gz", 3, "the header again")])


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": "1", "title": "a"},\n{"id": "3", "title": "c"},\n',
        b'[\n{"id": "1", "title": "a"},\n{"id": "3", "title": "c"}\n]\n',
        b'[{"id": "1", "title": "a"}, {"id": "3", "title": "c"},]',
        b'{"rows": [\n{"id": "1", "title": "a"},\n{"id": "3", "title": "c"}\n], "n": 2}',
        b'{"id": {"$oid": "1"}, "title": "a"}\n{"id": {"$oid": "3"}, "title": "c"}\n',
    ],
    ids=["commas", "list", "comma at the end", "list in an object", "MongoDB"],
)
def test_json_is_read_as_programs_write_it(read, content):
    assert read(content, "rows.json")[:2] == (ROWS, [])


def test_json_lines_of_another_kind_are_rejects_and_names_that_come_twice_are_told(read, tmp_path):
    content = b'{"id": "1", "title": "a"}\n[1]\n{"id": {"x": 1}, "title": "b"}\n{"id": "3", "id": "4", "title": "c"}\n'
    rows, bad, notes = read(content, "rows.jsonl")
    assert rows == ROWS
    assert sorted(bad) == [("rows.jsonl", 2, "no JSON object"), ("rows.jsonl", 3, "no id")]
    assert list(notes) == [f"left out: {tmp_path}/rows.jsonl: in 1 objects a name that comes again"]


def test_bytes_of_parquet_that_are_no_text_are_written_in_hexadecimal(read, tmp_path):
    pq.write_table(pa.table({"id": [b"u1", b"\xff\x01"], "title": ["a", "b"]}), tmp_path / "made.parquet")
    assert read((tmp_path / "made.parquet").read_bytes(), "rows.parquet")[0] == [("u1", "a"), ("ff01", "b")]


def test_what_turns_bytes_into_bytes_is_no_encoding(read):
    with pytest.raises(BadInput, match="'hex' is no encoding"):
        read(PLAIN, "rows.csv", encoding="hex")


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("_delta_log/0.json", "Delta Lake"), ("metadata/1.metadata.json", "Iceberg"), (".hoodie/x", "Hudi")],
)
def test_a_folder_that_keeps_former_rows_is_refused(tmp_path, mark, kind):
    (tmp_path / mark).parent.mkdir()
    (tmp_path / mark).write_text("{}")
    (tmp_path / "part-0.csv").write_bytes(PLAIN)
    with pytest.raises(BadInput, match=f"is a table of {kind}: its files also hold rows that were deleted"):
        find_files(tmp_path)


def test_a_folder_without_tables_says_what_it_has(tmp_path):
    (tmp_path / "day=1").mkdir()
    (tmp_path / "part-0").write_bytes(PLAIN)
    with pytest.raises(
        BadInput, match=r"holds no file that ends in .*; it has day=1/, part-0\. Name one file, or a pat"
    ):
        find_files(tmp_path)
    assert find_files(tmp_path / "**" / "part-*") == [tmp_path / "part-0"]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b'"id,title"\n"1,a"\n"2,""b, c"""\n', [("1", "a"), ("2", "b, c")]),
        (b'"id;title"\r\n"1;a"\r\n', [("1", "a")]),
        (b"id~|~title\n1~|~a\n2~|~\n", [("1", "a"), ("2", None)]),
        (b"id|^title\n1|^a\n", [("1", "a")]),
        (b"id,title\n1,~a\n", [("1", "~a")]),
    ],
)
def test_lines_in_quotes_as_a_whole_and_delimiters_of_several_signs_are_seen(read, content, rows):
    assert read(content, "rows.csv")[:2] == (rows, [])


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_names_with_line_ends_in_quotes_are_a_header_and_the_lines_of_rejects_are_those_of_the_file(read, end):
    content = end.join([b'"id","the', b'title"', b"1,a", b"2", b"3,c", b""])
    wanted = {"id": fields.identifier("id"), "title": fields.text("the title")}
    rows, bad, _ = read(content, "rows.csv", wanted)
    assert rows == [("1", "a"), ("3", "c")]
    assert bad == [("rows.csv", 4, "too few fields")]  # two lines of header, then the rows
