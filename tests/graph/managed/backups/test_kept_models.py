"""Trained versions in a backup: they come back byte for byte, and a damaged or strange archive changes nothing."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from kartograph.graph.managed.backups.kept_models import (
    FOLDER,
    LIST,
    extract_models,
    hold_models,
    lacking,
    list_text,
    listed,
    put_back,
    versions_of,
)
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import BadInput


@pytest.fixture
def shop(home) -> ShopDirectory:
    """A shop with two whole versions, one of which an array is missing, and what else lies beside versions."""
    shop = ShopDirectory.of("shop")
    for version, arrays in (("walk/one", 2), ("stan/two", 1), ("stan/half", 1)):
        place = shop.folder / FOLDER / version
        (place / "arrays").mkdir(parents=True)
        (place / "model.json").write_text(json.dumps({"arrays": [{}] * (arrays + (version == "stan/half"))}))
        for number in range(arrays):
            (place / "arrays" / f"{number}.npy").write_bytes(f"{version} {number}".encode())
        (place / ".checked.json").write_text("{}")
    (shop.folder / FOLDER / "walk" / ".lock").touch()
    (shop.folder / FOLDER / "walk" / "notes.txt").touch()
    return shop


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def archived(file: Path, members: dict[str, bytes]) -> tarfile.TarFile:
    with tarfile.open(file, "w:") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return tarfile.open(file)


def sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(shop: ShopDirectory, tmp_path: Path) -> tuple[dict[str, bytes], str]:
    """The members that a backup of the shop has, and the sum of their list."""
    hold_models(shop, tmp_path / "held")
    files = listed(tmp_path / "held")
    text = list_text(files)
    return {LIST: text} | {f"{FOLDER}/{name}": (tmp_path / "held" / name).read_bytes() for name in files}, sum_of(text)


def test_whole_versions_come_back_in_another_shop_byte_for_byte(shop, tmp_path):
    members, total = kept(shop, tmp_path)
    other = ShopDirectory.of("other")
    with archived(tmp_path / "file", members) as archive:
        files = extract_models(archive, tmp_path / "file", total, tmp_path / "out")
    assert versions_of(files) == ["stan/two", "walk/one"]
    with put_back(other, tmp_path / "out", files, lambda: False):
        pass
    wanted = files_below(shop.folder / FOLDER)
    assert files_below(other.folder / FOLDER) == {
        name: content
        for name, content in wanted.items()
        if name.startswith(("walk/one/", "stan/two/")) and not name.endswith(".checked.json")
    }
    assert lacking(other, ["walk/one", "stan/half"]) == ["stan/half"]


def test_versions_that_are_there_stay_and_others_of_the_same_name_make_way_unless_the_work_fails(shop, tmp_path):
    members, total = kept(shop, tmp_path)
    with archived(tmp_path / "file", members) as archive:
        files = extract_models(archive, tmp_path / "file", total, tmp_path / "out")
    array = shop.folder / FOLDER / "walk/one/arrays/0.npy"
    same = (shop.folder / FOLDER / "stan/two/model.json").stat().st_ino
    array.write_bytes(b"changed")
    before = files_below(shop.folder)
    with pytest.raises(KeyboardInterrupt), put_back(shop, tmp_path / "out", files, lambda: False):
        assert array.read_bytes() == b"walk/one 0"
        raise KeyboardInterrupt
    assert files_below(shop.folder) == before
    with archived(tmp_path / "file", members) as archive:
        extract_models(archive, tmp_path / "file", total, tmp_path / "again")
    with pytest.raises(KeyboardInterrupt), put_back(shop, tmp_path / "again", files, lambda: True):
        raise KeyboardInterrupt
    assert array.read_bytes() == b"walk/one 0"
    assert (shop.folder / FOLDER / "stan/two/model.json").stat().st_ino == same


def strange(name: str, content: bytes = b"x") -> dict[str, bytes]:
    entry = {"size": len(content), "sha256": sum_of(content)}
    return {LIST: json.dumps({name: entry}).encode(), f"{FOLDER}/{name}": content}


@pytest.mark.parametrize(
    "name",
    [
        "../password",
        "/etc/passwd",
        "walk/../../password",
        "walk/one/../../../password",
        "walk/one/.checked.json",
        "walk/one/arrays/0.npy/../../../x",
        "walk/one/model.json\n",
        ".hidden/one/model.json",
        "walk/one/arrays/x.npy",
        "walk\\one\\model.json",
    ],
)
def test_a_list_that_leads_elsewhere_is_refused_and_nothing_is_written(name, tmp_path):
    members = strange(name)
    with (
        archived(tmp_path / "file", members) as archive,
        pytest.raises(BadInput, match=r"is damaged: its models\.json names .*, which is no file of a trained version"),
    ):
        extract_models(archive, tmp_path / "file", sum_of(members[LIST]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


ENTRY = {"size": 1, "sha256": sum_of(b"x")}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"", "is no list of files"),
        (b"[]", "is no list of files"),
        (b'{"a": ' * 10_000, "is no list of files"),
        (json.dumps({"walk/one/model.json": {"size": -1, "sha256": "0" * 64}}).encode(), "is no list of files"),
        (json.dumps({"walk/one/model.json": {**ENTRY, "mode": 511}}).encode(), "is no list of files"),
        (json.dumps({"walk/one/model.json": {**ENTRY, "size": 2}}).encode(), r"file walk/one/model\.json is another"),
        (json.dumps({"walk/one/model.json": {**ENTRY, "size": 0}}).encode(), "missing, or no file of the size"),
        (json.dumps({"walk/one/model.json": {**ENTRY, "sha256": "0" * 64}}).encode(), "is another one"),
        (json.dumps({"walk/one/model.json": ENTRY, "walk/two/model.json": ENTRY}).encode(), "missing, or no file"),
    ],
)
def test_a_damaged_list_or_file_is_refused(text, match, tmp_path):
    members = {LIST: text, f"{FOLDER}/walk/one/model.json": b"x"}
    with archived(tmp_path / "file", members) as archive, pytest.raises(BadInput, match=match):
        extract_models(archive, tmp_path / "file", sum_of(text), tmp_path / "out")


def test_another_list_and_a_link_in_place_of_a_file_are_refused(tmp_path):
    members = strange("walk/one/model.json")
    with archived(tmp_path / "file", members) as archive, pytest.raises(BadInput, match=r"the sum of its models\.json"):
        extract_models(archive, tmp_path / "file", sum_of(b"other"), tmp_path / "out")
    with tarfile.open(tmp_path / "linked", "w:") as archive:
        member = tarfile.TarInfo(LIST)
        member.size = len(members[LIST])
        archive.addfile(member, io.BytesIO(members[LIST]))
        link = tarfile.TarInfo(f"{FOLDER}/walk/one/model.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with tarfile.open(tmp_path / "linked") as archive, pytest.raises(BadInput, match="missing, or no file of the size"):
        extract_models(archive, tmp_path / "linked", sum_of(members[LIST]), tmp_path / "linked out")
