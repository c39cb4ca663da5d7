"""Archives that tools read in part without a word, or that are packed in rare ways."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

import pyarrow as pa
import pytest

from kartograph.loaders.shared.recognizing.seen import look
from kartograph.tables.errors import BadInput

FIRST, SECOND = b"id,title\n1,a\n", b"2,b\n"
BOTH = [("1", "a"), ("2", "b")]
SKIPPED = struct.pack("<II", 0x184D2A5C, 3) + b"xyz"


def zstd(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


def tar(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def zipped(*members: tuple[str, bytes], method=zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(FIRST) + gzip.compress(SECOND) + bytes(512),
        bz2.compress(FIRST) + bz2.compress(SECOND),
        lzma.compress(FIRST) + bytes(8) + lzma.compress(SECOND) + bytes(4),
        zstd(FIRST) + SKIPPED + zstd(SECOND),
        SKIPPED + zstd(FIRST + SECOND),
        lzma.compress(FIRST + SECOND, format=lzma.FORMAT_ALONE),
    ],
    ids=["gzip", "bzip2", "xz", "zstd", "zstd, skipped first", "lzma"],
)
def test_streams_one_after_the_other_are_one_table(read, content):
    assert read(content, "rows")[0] == BOTH


@pytest.mark.parametrize(
    "content",
    [
        *(pack(FIRST) + b"no stream" for pack in (gzip.compress, bz2.compress, lzma.compress, zstd)),
        bz2.compress(FIRST) + bz2.compress(SECOND)[:20],
        lzma.compress(FIRST) + lzma.compress(SECOND)[:40],
    ],
)
def test_what_follows_the_first_stream_is_never_left_out_without_a_word(read, content):
    with pytest.raises(BadInput, match=r"damaged or cut off after [0-9]+ unpacked bytes"):
        read(content, "rows")


HALVES = tar(("a.csv", FIRST), ("b.csv", b"id,title\n2,b\n"))


@pytest.mark.parametrize(
    "content",
    [
        HALVES[:1024],  # the first file alone, and no end
        HALVES[:1024] + b"x" + HALVES[1025:],  # a damaged header of the second one
        tar(("a.csv", FIRST)) + tar(("b.csv", SECOND)),
    ],
    ids=["cut off", "damaged", "two in one"],
)
def test_a_tar_archive_of_which_a_part_cannot_be_seen_is_refused(read, content):
    with pytest.raises(BadInput, match=r"damaged or cut off at byte 1,0.., or one of several"):
        read(content, "rows.tar")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_name_the_later_holds_as_it_does_where_they_are_unpacked(read):
    members = ("a.csv", b"id,title\n9,old\n"), ("a.csv", FIRST + SECOND)
    for content in (zipped(*members), tar(*members)):
        rows, _, notes = read(content, "rows")
        assert rows == BOTH
        assert [words.rpartition("/")[2] for words in notes] == ["a.csv (replaced by a later one of the same name)"]


def test_a_member_without_a_name_is_read(read):
    assert read(zipped(("\0", FIRST + SECOND)), "rows")[0] == BOTH


def test_the_oldest_tar_archives_have_no_name_for_their_kind(read):
    content = bytearray(tar(("a.csv", FIRST + SECOND)))
    content[148:156], content[257:265] = b" " * 8, bytes(8)
    content[148:156] = b"%06o\x00 " % sum(content[:512])
    assert read(bytes(content), "rows")[0] == BOTH


def packed_by(method: int, flag: int = 0) -> bytes:
    """A zip archive that says another method, or has a flag."""
    content = bytearray(zipped(("a.csv", FIRST)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark) + place
        content[at : at + 4] = struct.pack("<HH", flag, method)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed_by(9), "is packed .* in a way that is not read"),
        (packed_by(0, flag=1), "is locked with a password"),
        (zipped(("a.csv", FIRST)).replace(b"1,a", b"1,b"), "Bad CRC-32"),
        (b"PK\x07\x08" + zipped(("a.csv", FIRST))[:40], "packed as zip in several parts"),
    ],
)
def test_zip_archives_that_are_not_read_say_why_also_where_one_only_looks(read, tmp_path, content, words):
    with pytest.raises(BadInput, match=words):
        read(content, "rows.zip")
    with pytest.raises(BadInput, match=words), look(str(tmp_path / "rows.zip")):
        pass


def test_archives_in_archives_are_unpacked_up_to_a_depth(read):
    content = zipped(("a.csv", FIRST + SECOND))
    for _ in range(7):
        content = zipped(("a.zip", content))
    assert read(content, "rows.zip")[0] == BOTH
    with pytest.raises(BadInput, match="is packed more than 8 times"):
        read(gzip.compress(content), "rows.zip")


def test_one_sees_the_files_of_a_tar_archive_by_their_names_and_first_lines(tmp_path):
    path = tmp_path / "rows.tar.gz"
    path.write_bytes(gzip.compress(tar(("in/a.csv", FIRST), ("access.log", b"first\nsecond\n"), ("._a.csv", b"\x00"))))
    with look(str(path)) as seen:
        assert [(table.shown, table.columns) for table in seen.tables] == [(path / "in/a.csv", ("id", "title"))]
        assert seen.lines == {path / "in/a.csv": [b"id,title", b"1,a"], path / "access.log": [b"first", b"second"]}
