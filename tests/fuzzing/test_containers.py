"""Workbooks, archives, Parquet and JSON whose inside is damaged, while the outside is whole, are read or refused.

`test_tables` damages such files as they lie on the disk: there the first sum that is wrong ends the reading. Here the
parts are packed again after the damage, so that what reads them sees it.
"""

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st
from tests.fuzzing.mutation import ODD, damaged, fuzz, odd_values, tried, zipped
from tests.tables.formats.containers.test_workbook import sheet, workbook

from kartograph.tables.engine import Engine
from kartograph.tables.formats import fields
from kartograph.tables.formats.nested.json_shapes import as_rows
from kartograph.tables.formats.read import Reader
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import Report

CSV = b'user_id,item_id,timestamp\nu1,A,2024-01-15 10:00\nu2,"B,\n2",1705312800\n'
DRAWN = b"| user_id | item_id |\n| --- | --- |\n| u1 | A \\| B |\n| u2 | |\n(2 rows)\n"
WIDTHS = b"user_id  item_id\r\n-------  -------\r\nu1       A\r\n"
ROW_NAMES = b'"user_id" "item_id"\n"1" "u1" "A"\n"2" "u2" "B"\n'
QUOTES = b"'user_id','item_id'\n'u1','it''s'\n'u2','B'\n"
FEED = (
    b'<?xml version="1.0"?><rss xmlns:g="urn:g"><channel><item><g:user_id>u1</g:user_id><g:item_id>A</g:item_id></item>'
    b"<item a='b'><g:user_id><![CDATA[u2]]></g:user_id><g:item_id>B &amp; C</g:item_id><g:x><g:y/></g:x></item>"
    b"</channel></rss>"
)
BARE = b"user_id\titem_id\nu1\tA\\\tB\nu2\tC\\\nD\nu3\t\\N\n"
ESCAPED = b'user_id,item_id\n"u1","A \\"B\\""\n"u2","C\\\\"\n'
WRAPPED = b'"user_id,item_id"\n"u1,""A,B"""\n"u2,C"\n'
SHEETS = workbook(
    one=sheet("sReport -", "suser_id sitem_id sdate", "su1 n17 d43739.5", "su2 n18 d43740", merged="A1:B1"),
    two=sheet("suser_id sitem_id sdate", "su3 n19 d43741"),
)
ROW = {"user_id": "u1", "item_id": 7, "price": 1.5, "tags": ["x"], "by": {"name": "n"}}
PARAMS = [{"key": "page", "value": {"string_value": "/p", "int_value": None}}, {"key": "n", "value": {"int_value": 1}}]
SHAPES = (
    {"-N1": ROW, "-N2": ROW},
    {"events": {"u1": {"-N1": ROW}, "u2": {"-N2": ROW, "-N3": ROW}}},
    {"user_id": {"0": "u1", "1": "u2"}, "item_id": {"0": 1, "1": 2}},
    {"user_id": ["u1", "u2"], "item_id": [1, 2]},
    {"columns": [{"name": "user_id"}, {"name": "item_id"}], "rows": [["u1", 1], ["u2", 2]]},
    [["user_id", "item_id"], ["u1", 1]],
    {"session": 1, "events": [ROW, ROW], "products": [ROW]},
    {"user_id": "u1", "event_params": PARAMS, "items": [{"item_id": 1, "item_params": PARAMS}, ROW]},
    {"user_id": "u1", "properties": {"product_id": "A", "products": [{"product_id": "B"}]}},
)


def members(content: bytes) -> dict[str, bytes]:
    """The members of a zip archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def parquet(compression: str, dictionary: bool) -> bytes:
    table = pa.table(
        {"user_id": [f"u{n % 5}" for n in range(200)], "item_id": list(range(200)), "x": [1.5, None] * 100}
    )
    pq.write_table(table, target := io.BytesIO(), compression=compression, use_dictionary=dictionary)
    return target.getvalue()


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    """Read a file as a table of users and items, every row of which may be bad."""
    folder = tmp_path_factory.mktemp("inside")
    with Engine() as engine:

        def read(content: bytes, name: str):
            path = folder / name
            path.write_bytes(content)
            reader = Reader(engine, Report(), Rejects(folder / "rejects.csv", RejectLimit(share=1)))
            columns = ("user_id", "item_id")
            wanted = {column: fields.identifier(column, required=False) for column in columns}
            return reader.table("rows", reader.open(path), wanted).to_pyarrow()

        yield read


PARTS = members(SHEETS)
BOOK = zipped(PARTS)


@pytest.mark.slow
@fuzz(60, part=st.sampled_from(sorted(PARTS)), data=st.data())
def test_parts_of_workbooks(reading, part, data):
    changed = data.draw(damaged([PARTS[part]]))
    with tried("workbooks, by a part"):
        reading(zipped({**PARTS, part: changed}), "book.xlsx")


@fuzz(20, content=damaged([BOOK]))
def test_bytes_of_workbooks(reading, content):
    with tried("workbooks, by bytes"):
        reading(content, "book.xlsx")


def packed(content: bytes, how: str) -> bytes:
    if how == "gz":
        return gzip.compress(content, mtime=0)
    if how == "zst":
        return pa.compress(content, "zstd", asbytes=True)
    return zipped({"a.csv": content, "b/c.csv": CSV})


TEXTS = (CSV, DRAWN, WIDTHS, ROW_NAMES, QUOTES)


@pytest.mark.slow
@fuzz(60, content=damaged(TEXTS), how=st.sampled_from(["gz", "zst", "zip"]))
def test_members_of_archives(reading, content, how):
    with tried("members of archives"):
        reading(packed(content, how), f"rows.csv.{how}")


NAMES = (
    "../a.csv",
    "/a.csv",
    "b.zip",
    "c.csv.gz",
    "x" * 300,
    "a\\b.csv",
    "d/",
    "__MACOSX/._a.csv",
    ".a.csv",
    "a.CSV",
    "\0",
)


@pytest.mark.slow
@fuzz(60, name=st.one_of(st.sampled_from(NAMES), st.text(max_size=40)))
def test_names_in_archives(reading, name):
    with tried("names in archives"):
        reading(zipped({"ok.csv": CSV, name or "e": CSV}), "rows.zip")


@fuzz(80, content=damaged([parquet("snappy", True), parquet("zstd", False), parquet("none", True)]))
def test_pages_of_parquet(reading, content):
    with tried("Parquet files"):
        reading(content, "rows.parquet")


@pytest.mark.slow
@fuzz(120, shape=st.sampled_from(SHAPES), data=st.data())
def test_values_of_json(reading, shape, data):
    changed = data.draw(odd_values(shape))
    with tried("JSON, by a value"):
        reading(json.dumps(changed, indent=data.draw(st.sampled_from([None, 1]))).encode(), "rows.json")


@pytest.mark.slow
@fuzz(60, shapes=st.lists(st.one_of(*[odd_values(shape) for shape in SHAPES], ODD), min_size=1, max_size=6))
def test_lines_of_json(reading, shapes):
    with tried("JSON lines"):
        reading("\n".join(map(json.dumps, shapes)).encode(), "rows.jsonl")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "u1", "-N", "0", "1"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@fuzz(300, value=JSON)
def test_shapes_of_json(value):
    with tried("shapes of JSON"):
        rows = as_rows(value)
        assert rows is None or (rows and isinstance(rows, list | dict))


@fuzz(150, content=damaged([FEED, BARE, ESCAPED, WRAPPED]))
def test_xml_and_texts_with_escapes(reading, content):
    with tried("XML, and texts with escapes"):
        reading(content, "rows.xml")
