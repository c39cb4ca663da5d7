"""Files that are no tables are named by what they are, alone, in a folder and in an archive."""

import io
import pickle
import re
import sqlite3
import struct
import zipfile

import duckdb
import numpy as np
import pandas as pd
import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.foreign import foreign_kind
from kartograph.tables.formats.files import find_files, left_out

PLAIN = b"id,title\n1,a\n"


def of_file(tmp_path, write) -> bytes:
    write(tmp_path / "made")
    content = (tmp_path / "made").read_bytes()
    (tmp_path / "made").unlink()
    return content


def sqlite(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE e (id, title)")


def duck(path):
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE e AS SELECT 1 AS id")


def stata(version):
    return lambda path: pd.DataFrame({"id": [1]}).to_stata(path, version=version)


def array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


FILES = {
    "a.sqlite": (sqlite, "a database of SQLite", "`sqlite3 -header -csv"),
    "a.duckdb": (duck, "a database of DuckDB", "`duckdb FILE"),
    "a.mdb": (b"\x00\x01\x00\x00Standard Jet DB\x00", "a database of Access", "Export the table"),
    "a.dbf": (b"\x03\x7c\x03\x01\x02\x00\x00\x00\x41\x00\x10\x00", "a file of dBase", "Export the table"),
    "a.dump": (b"PGDMP\x01\x0e\x00", "a dump of PostgreSQL in its own format", "Restore it"),
    "a.bson": (struct.pack("<i", 22) + b"\x02id\x00\x02\x00\x00\x00u\x00\x00", "BSON", "`mongoexport`"),
    "a.sas7bdat": (b"\x00" * 12 + b"\xc2\xea\x81\x60", "a file of SAS", "pandas.read_sas"),
    "a.xpt": (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "a file of SAS", "pandas.read_sas"),
    "old.dta": (stata(114), "a file of Stata", "pandas.read_stata"),
    "a.dta": (stata(118), "a file of Stata", "pandas.read_stata"),
    "a.sav": (b"$FL2@(#) SPSS DATA FILE", "a file of SPSS", "pandas.read_spss"),
    "a.npy": (array, "an array of NumPy", "Export the table"),
    "a.pkl": (pickle.dumps([1]), "a pickle of Python", "Export the table"),
    "old.pkl": (pickle.dumps([1], 0), "a pickle of Python", "Export the table"),
    "a.rds": (b"X\n\x00\x00\x00\x03", "a file of R", "Export the table"),
    "a.f1": (b"FEA1\x00\x00\x00\x00", "a Feather file of the first version", "Write it again"),
    "a.htm": (b"<!-- made -->\n<div><table><tr><td>id</td></tr></table></div>", "a web page", "saves it as CSV"),
    "postgres.sql": (b"--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n", "SQL", "Run it"),
    "mysql.sql": (b"-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `e`;\n", "SQL", "Run it"),
    "admin.sql": (b"# phpMyAdmin\nINSERT IGNORE INTO `e` VALUES (1,2),(3,4);\n", "SQL", "Run it"),
    "lite.sql": (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", "SQL", "Run it"),
    "server.sql": (b"USE [shop]\nGO\nCREATE TABLE [dbo].[e](a int)\n", "SQL", "Run it"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_program_is_named_with_what_to_do(read, tmp_path, name):
    made, kind, remedy = FILES[name]
    content = made if isinstance(made, bytes) else of_file(tmp_path, made)
    with pytest.raises(BadInput, match=rf"{re.escape(name)} is {re.escape(kind)}.*, no table\..*{re.escape(remedy)}"):
        read(content, name)
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        archive.writestr("good.csv", PLAIN)
        archive.writestr(name, content)
    rows, _, notes = read(target.getvalue(), "both.zip")
    assert (rows, len(notes)) == ([("1", "a")], 1)
    assert next(iter(notes)).startswith(f"left out: {tmp_path}/both.zip/{name} ({kind}")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.csv").write_bytes(PLAIN)
    (folder / name).write_bytes(content)
    reasons = left_out(folder, find_files(folder))
    assert reasons[folder / name].startswith(kind) and reasons[folder / name].endswith("and no table by its name")


def test_packings_that_are_not_read_are_named_beside_tables_and_damage_there_harms_nobody(tmp_path):
    (tmp_path / "good.csv").write_bytes(PLAIN)
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    (tmp_path / "notes.md.gz").write_bytes(b"\x1f\x8b damaged")
    assert {file.name: why for file, why in left_out(tmp_path, find_files(tmp_path)).items()} == {
        "a.7z": "packed as 7z, which is not read, and no table by its name",
        "notes.md.gz": "no table by its name",
    }


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (("[Content_Types].xml", "word/document.xml"), "a document of Word or PowerPoint"),
        (("Index/Document.iwa", "Metadata/Properties.plist"), "a document of Numbers or Pages"),
        (("mimetype", "content.xml"), "a document of LibreOffice"),
    ],
)
def test_documents_that_are_archives_are_one_file(read, tmp_path, members, kind):
    with zipfile.ZipFile(document := io.BytesIO(), "w") as archive:
        for name in members:
            archive.writestr(name, "<x/>")
    with pytest.raises(BadInput, match=rf"holds no table: .*/a.doc \({kind}"):
        read(document.getvalue(), "a.doc")
    with zipfile.ZipFile(both := io.BytesIO(), "w") as archive:
        archive.writestr("good.csv", PLAIN)
        archive.writestr("a.doc", document.getvalue())
    rows, _, notes = read(both.getvalue(), "both.zip")
    assert rows == [("1", "a")]
    assert next(iter(notes)).startswith(f"left out: {tmp_path}/both.zip/a.doc ({kind}")


@pytest.mark.parametrize(
    "header",
    [b"user_id,duck\n", b"fea1,fea2,user_id\n", b"use case;user;item\n", b"# from a shop\nset,user\n", b"(l,p)\n"],
)
def test_headers_that_begin_like_other_files_are_headers(header):
    assert foreign_kind(header + b"1,2,3\n") is None
