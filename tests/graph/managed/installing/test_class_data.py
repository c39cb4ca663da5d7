"""Tests of class-data sharing: what Java is told, that nothing wrong does harm, and that a real archive is used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kartograph.graph.managed.configuration import java_program
from kartograph.graph.managed.installing import class_archive, class_data
from kartograph.graph.managed.installing.class_archive import make
from kartograph.graph.managed.installing.class_data import (
    BASE,
    FAILED,
    TOP,
    archive_folder,
    class_path,
    make_soon,
    sharing_options,
)
from kartograph.graph.managed.installing.install import install

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot take that long a class path")


@pytest.fixture
def server(tmp_path) -> Path:
    """An installed server of four jars."""
    folder = tmp_path / "servers" / "0a1b"
    for name in ("lib/b.jar", "lib/jaxb-runtime-2.jar", "lib/z.jar", "plugins/a.jar"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def test_the_class_path_is_in_one_order_whatever_the_folder_is_called(server, tmp_path):
    (tmp_path / "link").symlink_to(server)
    jars = [server / name for name in ("lib/b.jar", "lib/z.jar", "plugins/a.jar", "lib/jaxb-runtime-2.jar")]
    assert class_path(tmp_path / "link").split(os.pathsep) == [str(jar) for jar in jars]


def test_java_is_told_of_archives_only_where_both_are_there(server):
    folder = archive_folder(server)
    assert folder.name.startswith("0a1b.classes-")
    folder.mkdir()
    (folder / BASE).write_bytes(b"")
    assert sharing_options(server) == []
    (folder / TOP).write_bytes(b"")
    assert sharing_options(server)[0] == f"-XX:SharedArchiveFile={folder / BASE}{os.pathsep}{folder / TOP}"


def test_archives_that_are_none_do_no_harm_and_java_says_nothing(server):
    folder = archive_folder(server)
    folder.mkdir()
    for name in (BASE, TOP):
        (folder / name).write_bytes(b"not an archive" * 1000)
    command = [java_program(), *sharing_options(server), "-version"]
    environment = {name: value for name, value in os.environ.items() if name != "JDK_JAVA_OPTIONS"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout == "" and done.stderr.startswith("openjdk version")


def test_a_java_that_cannot_start_leaves_the_reason_and_is_not_tried_again_the_same_day(server, monkeypatch):
    monkeypatch.setattr(class_archive, "java_program", lambda: str(server / "no-java"))
    monkeypatch.setattr(class_data, "_makers", [])
    assert make(server) is False
    folder = archive_folder(server)
    assert [file.name for file in folder.iterdir()] == [FAILED]
    assert "no-java" in (folder / FAILED).read_text("utf-8")
    assert make_soon(server) is False
    assert {path.name for path in server.parent.iterdir()} <= {"0a1b", folder.name, f"{folder.name}.lock"}


@pytest.mark.slow
@pytest.mark.server
def test_a_real_archive_is_what_java_reads_the_classes_of_the_server_from(home, tmp_path, monkeypatch):
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "")
    installed = install(home)
    assert make(installed, patience=600)
    log = tmp_path / "classes.log"
    told = ["-Xshare:on", f"-Xlog:class+load:file={log}"]
    without_home = ["-cp", class_path(installed), "org.neo4j.server.CommunityEntryPoint"]  # ends when it has looked
    command = [java_program(), "-XX:+UseG1GC", *sharing_options(installed), *told, *without_home]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "shared archive" not in ended.stdout + ended.stderr
    from_archive = [line for line in log.read_text("utf-8").splitlines() if "shared objects file (top)" in line]
    assert any("org.neo4j." in line for line in from_archive)
