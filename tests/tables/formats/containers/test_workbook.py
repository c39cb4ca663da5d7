"""Workbooks as people make them: titles, merged cells, sheets of other kinds, passwords, far cells."""

import base64
import io
import struct
import zipfile
import zlib

import pyarrow as pa
import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.files import find_files

FAR_XLS = zlib.decompress(
    base64.b85decode(
        "c-rllPe>F|9LIlec4lX0({*=UE!PqevN8|uu7B2pZ3X2i(K-|%)S4bb(O4p=OO|;If=)#j!AlpbOMl2i9fA&#QHLN1w2qwugAVHS"
        "d*6LKY0bfflK#wZncuwM_x(Qe-p-qOZ)RT2MdzpPB^Kxh+d~0bacl~%(gbgIF^CY?JB}<C_ZDxCZ-15977t|5pvUDeOgV;fycbBL"
        "yZTf1L?3wTr!&+uHab+lfwmug$O+kpF7|?Mu@a^l^eP5_3ceEl4l-xq_d>Y}-^ID};yBG^dzv!pDn6z)pe{`ExDUX*gOa2wdM>Zx"
        "i`PUU*Pwm*)47p9v!YHfqiN!C>mC{%%I8MrDb52pO<$aPqQ&B!`lR01H&z$K`q#C(>7ifObfR%`PT~Te<jJ*PFAVUJC7Pu=F3K%H"
        "bgrcZJ_(<aJ_#iWB?%=3B?Tn~B@HDFB@Lw&N-LCBC~Z*MptM10htdwE9ZCn34k#T^GEg#5GEh39bVBJ&h2&a+xh1k@ZYjq-SH^yj"
        "Do~E%&WrHsv2^?M>q7&**%MI4v7QuGo$c~Okwcdx!EhKgA$V?&nn3J^zl@{SqMU$_^Zmm6#@;GbI5>fvE2wSccG9pn*&VCOJGngh"
        "sqbOk<j3qTF3)r?T!_!S%}!AR57Z#@@;5=vqFLO$A?;DNxEE@MdJkXo(`;pF5!H7`Ev*%_to~0Fz7WZ?Biu++=StGTgBG9zDqn!s"
        "-AK}gqBRd%107WPg^@AcNYa*~10Hk$w5{?3phGHpx%ey*rA>;~J!l<tnabBem%EW{JFIBKgEl}{sC)x-#Em2!RdmpU4uX!U{2=H`"
        "H<EN*(WVD&g052eCg^H6lJsUpTOPCpdW*`pK-ajDq!Ws^J!l(rt;)ASZ*?O{Z<9}QT8!??!R2-FyM@R%-+c4UH{X2wUrpe-vhWlw"
        "pTZ3FoNlV`I?KGR_@7DsSvyQ){5#7prUz)0_jx*B()CkKhA19Otdl8zFO+taThG%l4WJ*xC11b%o+VcQpLK(gUv~?Y+Wtx@{rt`C"
        "e*>^Q|C#"
    )
)
"""A workbook of the older format of which one damaged number puts a cell far away."""


def sheet(*rows: str, merged: str = "") -> bytes:
    """A sheet of a workbook: `s` before a value makes it text, `d` a date, `f` a formula without a value.

    `merged` are ranges such as `A1:B1`.
    """
    cells = {"s": '<c t="inlineStr"><is><t>{}</t></is></c>', "d": '<c s="1"><v>{}</v></c>', "n": "<c><v>{}</v></c>"}
    cells["f"] = "<c><f>{}</f><v /></c>"
    body = "".join(
        "<row>" + "".join(cells[cell[0]].format(cell[1:]) if cell != "-" else "<c/>" for cell in row.split()) + "</row>"
        for row in rows
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    cells_of = "".join(f'<mergeCell ref="{one}"/>' for one in merged.split())
    return f"<worksheet {space}><sheetData>{body}</sheetData><mergeCells>{cells_of}</mergeCells></worksheet>".encode()


def workbook(**sheets: bytes) -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1))
    linked = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/{name}.xml"/>'
        for n, name in enumerate(names, 1)
    )
    styles = f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
    target = pa.BufferOutputStream()
    with zipfile.ZipFile(target, "w") as archive:
        start = f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships {package}>{start}</Relationships>")
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{office}"><sheets>{listed}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {package}>{linked}</Relationships>")
        archive.writestr("xl/styles.xml", styles)
        for name, content in sheets.items():
            archive.writestr(f"xl/worksheets/{name}.xml", content)
    return target.getvalue().to_pybytes()


def test_a_workbook_reads_like_a_table_and_other_sheets_are_named(read, tmp_path):
    book = workbook(
        one=sheet("sid stitle", "n1 d43739.5", "- sb"),
        two=sheet("sid stitle", "s00123 n1.5"),
        three=sheet("sother", "n1"),
    )
    rows, bad, notes = read(book, "rows.xlsx")
    assert rows == [("1", "2019-10-01 12:00:00"), ("00123", "1.5")]
    assert bad == [("rows.xlsx/one", 3, "no id")]
    assert list(notes) == [f"left out: {tmp_path}/rows.xlsx/three (other columns than one)"]


def test_titles_above_the_header_are_named_and_merged_cells_have_the_first_value(read, tmp_path):
    book = workbook(
        one=sheet("sReport -", "- -", "sCustomer -", "sid stitle", "s1 sa", "- sb", merged="A3:B3 A5:A6"),
        two=sheet("- -", "- sid stitle", "- s3 sc"),
    )
    rows, bad, notes = read(book, "rows.xlsx")
    assert (sorted(rows), bad) == ([("1", "a"), ("1", "b"), ("3", "c")], [])
    place = f"left out: {tmp_path}/rows.xlsx/one, above the header: "
    assert list(notes) == [f"{place}'Report'", f"{place}'Customer'"]


def test_a_number_that_a_workbook_cannot_hold_stays_rounded_to_be_told(read):
    rows, _, _ = read(workbook(one=sheet("sid stitle", "n2053013555631882655 n17850")), "rows.xlsx")
    assert rows == [(str(float(2053013555631882655)), "17850")]


def test_a_far_cell_is_refused_before_it_takes_all_memory(read):
    far = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    content = sheet("sid stitle", "s1 sa").replace(b"</sheetData>", f"<row>{far}</row></sheetData>".encode())
    with pytest.raises(BadInput, match=r"reach over 1,048,576 rows and 16,384 columns.*delete those far away"):
        read(workbook(one=content), "rows.xlsx")


def test_an_older_workbook_that_would_end_the_process_is_refused(read):
    with pytest.raises(BadInput, match=r"rows\.xls is damaged, or its cells reach too far.*save it as \.xlsx or CSV"):
        read(FAR_XLS, "rows.xls")


def test_a_locked_workbook_says_so(read):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(BadInput, match=r"is locked with a password\. Save it without one"):
        read(content, "rows.xlsx")


@pytest.mark.parametrize("name", ["rows.xls", "rows.xlsx", "rows.parquet"])
def test_a_text_is_read_as_one_whatever_its_name(read, name):
    assert read(b"id\ttitle\n1\ta\n", name)[0] == [("1", "a")]


def test_a_workbook_whose_parts_are_damaged_is_an_error_with_the_file(read):
    whole = workbook(one=sheet("sid stitle", "s1 sa"))
    for at in range(40, len(whole), 97):
        try:
            read(whole[:at] + b"\xff\x00" + whole[at + 2 :], "rows.xlsx")
        except BadInput as error:
            assert "rows.xlsx" in str(error)


def test_formulas_that_nobody_computed_are_told_or_refused(read, tmp_path):
    few = workbook(one=sheet("sid stitle", *["n1 sa"] * 30, "n2 f1+1"))
    rows, _, notes = read(few, "rows.xlsx")
    assert rows[-1] == ("2", None)
    assert notes == {
        f"left out: {tmp_path}/rows.xlsx has 1 formulas without a value, for no program has computed them yet": 1
    }
    with pytest.raises(BadInput, match=r"has 1 formulas without a value.* Open the workbook in a spreadsheet program"):
        read(workbook(one=sheet("sid stitle", "fA1 sa", "n2 sb")), "rows.xlsx")


def test_notes_before_the_table_and_sheets_in_another_order_of_columns(read, tmp_path):
    book = workbook(readme=sheet("sMade", "sby"), one=sheet("sid stitle", "n1 sa"), two=sheet("stitle sid", "sb n2"))
    rows, _, notes = read(book, "rows.xlsx")
    assert (rows, list(notes)) == (
        [("1", "a"), ("2", "b")],
        [f"left out: {tmp_path}/rows.xlsx/readme (other columns than one)"],
    )


def test_a_sheet_of_words_and_their_values_before_the_table_is_its_cover(read, tmp_path):
    cover = sheet("sMade d43739", "sBy sAnn", "sRows n1")
    rows, _, notes = read(workbook(cover=cover, one=sheet("sid stitle", "n1 sa")), "rows.xlsx")
    assert rows == [("1", "a")]
    assert list(notes) == [f"left out: {tmp_path}/rows.xlsx/cover (other columns than one)"]
    assert read(workbook(one=sheet("sid stitle", "s1 sa", "s3 n7"), two=cover), "rows.xlsx")[0] == [
        ("1", "a"),
        ("3", "7"),
    ]


def test_a_row_that_leaves_columns_without_a_name_is_a_title_where_the_next_names_them(read):
    assert read(workbook(one=sheet("sOrders sof -", "sid stitle swhen", "n1 sa d1")), "rows.xlsx")[0] == [("1", "a")]
    assert read(workbook(one=sheet("sid stitle -", "s1 sa sold", "s2 sb n1")), "rows.xlsx")[0] == [
        ("1", "a"),
        ("2", "b"),
    ]


def opened(rows: str) -> bytes:
    """A workbook as LibreOffice writes it."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
        f'xmlns:text="{office}text:1.0"><office:body><office:spreadsheet><table:table table:name="one">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    target = pa.BufferOutputStream()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return target.getvalue().to_pybytes()


@pytest.mark.parametrize("name", ["rows.ods", "rows.xlsx", "rows.csv", "rows"])
def test_a_workbook_of_libreoffice_is_one_whatever_its_name(read, name):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in (("id", "title"), ("001", "a"))
    )
    assert read(opened(rows), name)[0] == [("001", "a")]


@pytest.mark.parametrize("name", ["rows.xls", "rows.ods", "rows.csv"])
def test_a_workbook_is_read_by_its_bytes(read, name):
    assert read(workbook(one=sheet("sid stitle", "n1 sa")), name)[0] == [("1", "a")]


def binary_workbook(rows: list[list[str]]) -> bytes:
    """A workbook of the binary kind (.xlsb): records of a kind, a length and their bytes."""

    def record(kind: int, content: bytes = b"") -> bytes:
        numbers = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return numbers + bytes([len(content)]) + content

    def text(words: str) -> bytes:
        return struct.pack("<I", len(words)) + words.encode("utf-16-le")

    cells = b"".join(
        record(0, struct.pack("<I", at) + bytes(21))
        + b"".join(record(6, struct.pack("<II", place, 0) + text(value)) for place, value in enumerate(row))
        for at, row in enumerate(rows)
    )
    area = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet_bytes = record(129) + record(148, area) + record(145) + cells + record(146) + record(130)
    names = record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("one")) + record(144)
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        archive.writestr("xl/workbook.bin", record(131) + names + record(132))
        archive.writestr("xl/worksheets/sheet1.bin", sheet_bytes)
        link = f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships {package}>{link}</Relationships>")
    return target.getvalue()


def test_a_binary_workbook_is_read_alone_and_among_others(read, tmp_path):
    content = binary_workbook([["id", "title"], ["1", "a"], ["", "b"]])
    found = ([("1", "a")], [("rows.xlsb/one", 3, "no id")])
    assert read(content, "rows.xlsb")[:2] == found
    assert [file.name for file in find_files(tmp_path)] == ["rows.xlsb"]
