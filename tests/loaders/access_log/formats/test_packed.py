"""Logs in archives, packed again or damaged."""

import gzip
import io
import tarfile
import zipfile

import pyarrow as pa
import pytest

from kartograph.loaders.access_log.formats.packed import Damage
from kartograph.loaders.access_log.stream import lines

FIRST, SECOND = b"first line\nsecond line\n", "third line\n".encode("utf-16")
ALL = [b"first line", b"second line", b"third line"]


def tar(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


MEMBERS = (
    ("logs/access.log", FIRST),
    ("logs/access.log.1.gz", gzip.compress(SECOND)),
    ("logs/._access.log", b"\x00\x05"),
)


@pytest.mark.parametrize(
    "content",
    [
        zipped(*MEMBERS),
        tar(*MEMBERS),
        gzip.compress(tar(*MEMBERS)),
        pa.compress(tar(*MEMBERS), "zstd", asbytes=True),
        zipped(("logs.tar", tar(*MEMBERS))),
        tar(("logs.zip", zipped(*MEMBERS))),
    ],
    ids=["zip", "tar", "tar.gz", "tar.zst", "tar in zip", "zip in tar"],
)
def test_archives_give_the_lines_of_their_files_packed_again_or_not(tmp_path, content):
    path, damage = tmp_path / "logs", Damage()
    path.write_bytes(content)
    assert (list(lines(path, damage)), damage.broken) == (ALL, [])


HALVES = tar(("a.log", FIRST), ("b.log", b"third line\n"))


@pytest.mark.parametrize(
    "content", [HALVES[:1024], HALVES[:1024] + b"x" + HALVES[1025:], HALVES[:1600], HALVES + HALVES]
)
def test_a_tar_archive_of_which_a_part_cannot_be_seen_is_named(tmp_path, content):
    path, damage = tmp_path / "logs.tar", Damage()
    path.write_bytes(content)
    assert list(lines(path, damage))[:2] == ALL[:2]
    assert len(damage.broken) == 1 and damage.broken[0].startswith("logs.tar")
