"""Tests of reading files into good rows and rejects, with hostile files among them."""

import csv
import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kartograph.tables.engine import Engine
from kartograph.tables.errors import BadInput
from kartograph.tables.formats import fields
from kartograph.tables.formats.plan import RowFault
from kartograph.tables.formats.read import Reader
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import Report

HOSTILE = (
    "'; MATCH (n) DETACH DELETE n //",
    'a "quoted" word',
    "two\nlines",
    "two\r\nlines",
    "a\rreturn",
    "🛒 ünïcödé",
    "x" * 10_000,
    "",
    " ",
    "a,b;c\td|e",
    "NULL",
    "\\",
    "%s {0} $x",
    "nul\x00byte",
)
FIELDS = {"id": fields.identifier("id"), "title": fields.text("title")}
EVENTS = {
    "user_id": fields.identifier("user"),
    "event": fields.event("event", {"view": "view", "addtocart": "cart"}),
    "timestamp": fields.time("time"),
    "price": fields.price("price"),
}
slow_file_system = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened


@pytest.fixture
def reader(engine, tmp_path):
    return lambda limit=RejectLimit(share=1): Reader(engine, Report(), Rejects(tmp_path / "rejects.csv", limit))  # noqa: B008


@pytest.fixture
def read(reader, tmp_path):
    """Read bytes as a file; return the good rows, the rejects and the report."""

    def of(content: bytes, wanted=FIELDS, name="rows.csv", **options):
        path = tmp_path / name
        path.write_bytes(content)
        made = reader()
        rows = made.table("rows", [path], wanted, **options).to_pyarrow().to_pylist()
        return rows, rejected(made), made.report

    return of


def rejected(reader: Reader) -> list[dict[str, str]]:
    if not reader.rejects.path.exists():
        return []
    with reader.rejects.path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(rejects) -> list[tuple[int, str]]:
    return [(int(row["line"]), row["reason"]) for row in rejects]


@given(
    rows=st.lists(st.tuples(st.text(min_size=1), st.text())),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
@example(rows=[("id", value) for value in HOSTILE], end="\n", mark=b"")
@example(rows=[(":\t", "11|1a "), ("\t:,", '1"1"|'), ("\n|é|\t", "a1")], end="\n", mark=b"")
@example(rows=[("id", value) for value in HOSTILE], end="\r\n", mark=b"\xef\xbb\xbf")
@slow_file_system
def test_what_a_csv_writer_wrote_comes_back_as_it_was(read, rows, end, mark):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows([("id", "title"), *rows])
    good, bad, report = read(mark + text.getvalue().encode())
    assert [(row["id"], row["title"]) for row in good] == [(key, title or None) for key, title in rows]
    assert bad == []
    assert report.rows == len(rows)


PIECES = st.sampled_from(
    [b"a", b",", b'"', b"\n", b"\r", b"\r\n", b" ", b"\xff", "é".encode(), b"\xc3", b"\x00", b"1,2\n", b'"x"', b'""']
)


@given(st.lists(PIECES, max_size=40).map(b"".join))
@example(b'1,"never closed\n')
@example(b'"a" "b",c\n')
@example(b'1,2\r3,4\n5,6\n7,"8\n')
@slow_file_system
def test_whatever_a_file_holds_its_good_lines_load_and_the_others_are_rejected(read, hostile):
    kept = [(f"keep{place}", "this") for place in range(3)]
    sentinels = "".join(f"{key},{title}\n" for key, title in kept).encode()
    content = b"id,title\n" + hostile + b"\n" + sentinels
    good, bad, report = read(content)
    assert [(row["id"], row["title"]) for row in good][-3:] == kept
    assert report.rows == len(good) + len(bad)
    physical = content.count(b"\n")
    assert all(2 <= line <= physical for line, _ in lines(bad))
    assert len({line for line, _ in lines(bad)}) == len(bad)


def test_a_rejected_row_is_told_with_its_physical_line_after_quoted_newlines_and_blank_lines(read):
    good, bad, report = read(
        b"user,event,time,price\n"
        b'"u\n\n1",view,1431226800000,1\n'  # lines 2 to 4
        b"\n"
        b"u2,bought,1431226800000,1\n"  # line 6
        b"u3,view,soon,1\n"
        b"u4,view,1431226800000,-1\n"
        b"u5,view,1431226800000,dear\n"
        b",view,1431226800000,1\n"  # line 10
        b"u6,view,9999999999999,1\n",
        EVENTS,
    )
    assert [row["user_id"] for row in good] == ["u\n\n1"]
    assert [(int(row["line"]), row["column"], row["value"], row["reason"]) for row in bad] == [
        (6, "event", "bought", "event is none of view, addtocart"),
        (7, "time", "soon", "time is no time: write it as 2024-03-05 14:30 or say its format"),
        (8, "price", "-1", "price is negative"),
        (9, "price", "dear", "price is no number"),
        (10, "user", "", "no user"),
        (11, "time", "9999999999999", "time is after tomorrow"),
    ]
    assert report.reads["rows"].good == 1
    assert report.rows == 7


def test_a_quote_that_is_never_closed_costs_one_line(read):
    body = b"".join(b"%d,title %d\n" % (n, n) for n in range(50_000))
    good, bad, _ = read(b'id,title\nbefore,x\nopen,"x\n' + body)
    assert len(good) == 1 + 50_000
    assert [(int(row["line"]), row["value"], row["reason"]) for row in bad] == [
        (3, 'open,"x', "a quote is never closed")
    ]


def test_a_stray_quote_that_meets_another_one_costs_the_two_lines(read):
    good, bad, _ = read(b'id,title\n1,"open\n2,x\n3,y\n4,"q" z\n5,w\n')
    assert [row["id"] for row in good] == ["2", "3", "5"]
    assert [line for line, _ in lines(bad)] == [2, 5]


def test_rows_of_too_few_and_too_many_fields_are_rejected(read):
    good, bad, _ = read(b"id,title\n1\n2,b\n3,c,d\n")
    assert [row["id"] for row in good] == ["2"]
    assert lines(bad) == [(2, "too few fields"), (4, "too many fields")]


def test_bytes_that_are_no_utf8_are_rejected(read):
    good, bad, _ = read(b"id,title\n1,\xff\n2,\xc3\xa9\n3,\xed\xa0\x80\n")
    assert [(row["id"], row["title"]) for row in good] == [("2", "é")]
    assert lines(bad) == [
        (2, "not UTF-8 (--encoding says how the file is written)"),
        (4, "not UTF-8 (--encoding says how the file is written)"),
    ]


def test_mixed_line_ends_read_as_lines(read):
    good, bad, _ = read(b"id,title\n1,a\r\n2,b\n3,c")
    assert [(row["id"], row["title"]) for row in good] == [("1", "a"), ("2", "b"), ("3", "c")]
    assert bad == []


@pytest.mark.parametrize(
    "content",
    [
        b"id,title\r\n1,a\n2,b\n",
        b"id,title\n1,a\r\n2,b\r\n",
        b"Export of Monday,\n\nid,title\r\n1,a\r\n2,b\r\n",
        b"Export of Monday,\r\n\r\nid,title\n1,a\n2,b\n",
    ],
)
def test_a_header_or_titles_with_other_line_ends_than_the_rows_lose_no_row(read, content):
    good, bad, _ = read(content)
    assert [(row["id"], row["title"]) for row in good] == [("1", "a"), ("2", "b")]
    assert bad == []


def test_an_id_of_4000_bytes_loads_and_a_longer_one_is_rejected(read):
    # "é" takes 2 bytes, "🛒" 4.
    fitting = ["x" * 4000, "é" * 2000, "🛒" * 1000]
    content = "id,title\n" + "".join(f"{value},t\n{value}y,t\n" for value in fitting)
    good, bad, _ = read(content.encode())
    assert [row["id"] for row in good] == fitting
    assert lines(bad) == [(line, "id longer than 4000 bytes") for line in (3, 5, 7)]


def test_packed_files_read_the_same_and_tell_the_same_lines(read):
    content = b'id,title\n1,"a\nb"\n,c\n3,"d\n4,e\n'
    plain = read(content)
    packed = read(gzip.compress(content), name="rows.csv.gz")
    assert plain[0] == packed[0]
    assert lines(plain[1]) == lines(packed[1]) == [(5, "a quote is never closed"), (4, "no id")]


def test_other_delimiters_are_seen_in_the_header(read):
    for delimiter in ";\t|":
        good, _, _ = read(f"id{delimiter}title\n1{delimiter}a,b\n".encode())
        assert good == [{"id": "1", "title": "a,b"}]


def test_parquet_reads_as_text_and_tells_the_row(reader, tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"id": [7, None, 9], "title": ["a", "b", ""]}), path)
    made = reader()
    assert made.table("rows", [path], FIELDS).to_pyarrow().to_pylist() == [
        {"id": "7", "title": "a"},
        {"id": "9", "title": None},
    ]
    assert lines(rejected(made)) == [(2, "no id")]


def test_columns_of_a_text_table_may_differ_from_what_is_needed_in_case(reader, tmp_path):
    (tmp_path / "a.csv").write_text("id,title\n1,a\n")
    (tmp_path / "b.csv").write_text("TITLE;Id\nb;2\n")
    fields_ = {"id": fields.identifier("id"), "title": fields.text("title")}
    rows = reader().table("rows", [tmp_path / "a.csv", tmp_path / "b.csv"], fields_).order_by("id")
    assert rows.to_pyarrow().to_pylist() == [{"id": "1", "title": "a"}, {"id": "2", "title": "b"}]


def test_files_of_different_layouts_read_into_one_table(reader, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"title;id\na;1\n")
    (tmp_path / "b.csv").write_bytes(b"id,more,title\r\n2,x,b\r\n3,y\r\n")
    (tmp_path / "c [1]'.csv").write_bytes(b"id,title\n4,d\n,e\n")
    made = reader()
    rows = made.table("rows", [tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c [1]'.csv"], FIELDS)
    assert sorted(row["id"] for row in rows.to_pyarrow().to_pylist()) == ["1", "2", "4"]
    assert sorted((row["file"].rpartition("/")[2], row["line"]) for row in rejected(made)) == [
        ("b.csv", "3"),
        ("c [1]'.csv", "3"),
    ]


def test_rows_that_are_not_kept_are_neither_good_nor_bad(read):
    good, bad, report = read(b"id,title\n1,keep\n2,leave\n,leave\n,keep\n", keep=lambda rows: rows.title == "keep")
    assert [row["id"] for row in good] == ["1"]
    assert lines(bad) == [(5, "no id")]
    assert report.rows == 2


def test_a_fault_of_a_whole_row_names_its_column(read):
    fault = RowFault(lambda rows: rows.id == rows.title, "title", "title is the id")
    good, bad, _ = read(b"id,title\n1,1\n2,1\n", row_faults=[fault])
    assert [row["id"] for row in good] == ["2"]
    assert [(row["line"], row["column"], row["value"]) for row in bad] == [("2", "title", "1")]


def test_too_many_bad_rows_refuse_the_load_and_the_first_are_named(reader, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"id,title\n" + b"1,a\n" * 8 + b",b\n" * 2)
    made = reader(RejectLimit(share=0.1))
    with pytest.raises(BadInput) as caught:
        made.table("rows", [path], FIELDS)
    assert "2 of 10 rows of rows are bad; the limit is 10.0% of its rows" in str(caught.value)
    assert "rows.csv line 10: no id; rows.csv line 11: no id" in str(caught.value)
    assert len(rejected(made)) == 2
    assert reader(RejectLimit(share=0.2)).table("rows", [path], FIELDS).count().to_pyarrow().as_py() == 8


def test_a_missing_column_is_named_with_its_nearest_neighbour(reader, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b"ids,title\n1,a\n")
    with pytest.raises(BadInput, match=r"has no column 'id' \(did you mean 'ids'\?\). Its columns are 'ids', 'title'"):
        reader().table("rows", [path], FIELDS)


def test_a_file_with_a_header_alone_is_an_empty_table(read):
    good, bad, report = read(b"id,title\n")
    assert (good, bad, report.rows) == ([], [], 0)


def test_a_cut_off_packed_file_is_an_error_that_says_so(read):
    content = gzip.compress(b"id,title\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(10_000)))
    with pytest.raises(BadInput, match=r"cut.csv.gz cannot be unpacked \(gzip\): it is damaged or cut off after"):
        read(content[:-2000], name="cut.csv.gz")
