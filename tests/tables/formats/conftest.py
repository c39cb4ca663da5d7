"""A reader of bytes as files."""

import pytest

from kartograph.tables.engine import Engine
from kartograph.tables.formats import fields
from kartograph.tables.formats.delimited.dialect import Dialect
from kartograph.tables.formats.read import Reader
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import Report

FIELDS = {"id": fields.identifier("id"), "title": fields.text("title")}


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened


@pytest.fixture
def read(engine, tmp_path):
    """Read bytes as a file: its rows, its rejects as `(file, line, reason)`, and its notes."""

    def of(content: bytes, name: str, wanted=FIELDS, **dialect):
        path = tmp_path / name
        path.write_bytes(content)
        rejects = Rejects(tmp_path / "rejects" / "rejects.csv", RejectLimit(share=1))
        reader = Reader(engine, Report(), rejects, dialect=Dialect(**dialect))
        rows = reader.table("rows", reader.open(path), wanted).to_pyarrow().to_pylist()
        bad = [(str(one.file.relative_to(tmp_path)), one.line, one.reason) for one in reader.rejects.first]
        return [tuple(row.values()) for row in rows], bad, reader.report.notes

    return of
