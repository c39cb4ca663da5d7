"""Tests of downloading and installing, with a small Maven repository of their own on this machine."""

import gc
import hashlib
import http.server
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from kartograph.graph.managed.installing import install as install_module
from kartograph.graph.managed.installing.artifacts import Artifact, Lock, committed_lock, format_lock, parse_lock
from kartograph.graph.managed.installing.install import install, installed
from kartograph.graph.managed.installing.plugins import put_plugins
from kartograph.tables.errors import ServerError

JARS = {f"part{number}": bytes([number]) * (50_000 + number) for number in range(12)}


@dataclass
class Registry:
    """A Maven repository that counts what it serves, and can fail."""

    url: str = ""
    served: list[str] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    """Parts of which the next answer breaks off in the middle."""
    changed: set[str] = field(default_factory=set)
    """Parts that arrive with other content."""
    missing: set[str] = field(default_factory=set)


@pytest.fixture
def registry(monkeypatch, tmp_path):
    """A registry that serves JARS, and a standard Maven cache that is empty."""
    served = Registry()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.rpartition("/")[2].partition("-")[0]
            if name not in JARS or name in served.missing or not self.path.endswith(".jar"):
                self.send_error(404)
                return
            content = JARS[name]
            served.served.append(name)
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if name in served.cut:
                served.cut.remove(name)
                content = content[: len(content) // 2]
            self.wfile.write(content if name not in served.changed else b"x" * len(content))

        def log_message(self, format, *args):
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("KARTOGRAPH_MAVEN", served.url)
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    monkeypatch.setattr(install_module.time, "sleep", lambda seconds: None)
    yield served
    server.shutdown()
    server.server_close()
    thread.join()
    with warnings.catch_warnings():  # jgo leaves the connections of refused downloads to the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def artifact(name: str) -> Artifact:
    content = JARS[name]
    folder = "plugins" if name == "part0" else "lib"
    return Artifact("org.example", name, "1.0", "", folder, hashlib.sha256(content).hexdigest(), len(content))


LOCK = Lock("1", "1", "1", tuple(artifact(name) for name in JARS))


def test_all_jars_come_down_are_checked_and_reported_in_megabytes(registry, tmp_path):
    seen = []
    folder = install(tmp_path, LOCK, lambda step, done=None, total=None: seen.append((step, done, total)))
    assert folder == tmp_path / "servers" / LOCK.digest == installed(tmp_path, LOCK)
    assert (folder / "plugins" / "part0-1.0.jar").read_bytes() == JARS["part0"]
    assert sorted(registry.served) == sorted(JARS)
    assert seen[-1] == ("Downloading the server (MB)", LOCK.size / 1e6, LOCK.size / 1e6)
    assert sorted(path.name for path in folder.iterdir()) == ["lib", "plugins"]


def test_the_plugins_alone_come_into_a_folder_which_holds_no_other_jar(registry, tmp_path):
    (tmp_path / "former.jar").write_bytes(b"of a former version")
    assert put_plugins(tmp_path, LOCK) == 1
    assert put_plugins(tmp_path, LOCK) == 1
    assert [jar.name for jar in tmp_path.glob("*.jar")] == ["part0-1.0.jar"]
    assert (tmp_path / "part0-1.0.jar").read_bytes() == JARS["part0"]
    assert registry.served == ["part0"]


def test_an_installed_server_is_not_downloaded_again(registry, tmp_path):
    install(tmp_path, LOCK)
    registry.served.clear()
    install(tmp_path, LOCK)
    assert registry.served == []


def test_two_installations_at_once_download_every_jar_once(registry, tmp_path):
    with ThreadPoolExecutor(2) as threads:
        folders = list(threads.map(lambda _: install(tmp_path, LOCK), range(2)))
    assert folders[0] == folders[1]
    assert sorted(registry.served) == sorted(JARS)


def test_a_jar_with_a_wrong_sum_is_refused_and_nothing_is_installed(registry, tmp_path):
    registry.changed.add("part3")
    with pytest.raises(ServerError, match=r"org.example:part3:1.0 was downloaded with 50003 bytes and the SHA-256 sum"):
        install(tmp_path, LOCK)
    assert installed(tmp_path, LOCK) is None
    assert not (tmp_path / "servers" / LOCK.digest).exists()
    registry.changed.clear()
    assert installed(tmp_path, LOCK) or install(tmp_path, LOCK)


def test_a_download_that_breaks_off_is_tried_again(registry, tmp_path):
    registry.cut.update({"part1", "part2"})
    install(tmp_path, LOCK)
    assert registry.served.count("part1") == 2


def test_an_interrupted_installation_goes_on_with_what_came_down(registry, tmp_path):
    registry.missing.add("part11")
    with pytest.raises(ServerError, match=r"org.example:part11:1.0 is refused by the package registry"):
        install(tmp_path, LOCK)
    come_down = set(registry.served)
    partial = tmp_path / "servers" / f"{LOCK.digest}.partial"
    half = partial / "downloads" / "org" / "example" / "part11" / "1.0" / "part11-1.0.jar"
    half.parent.mkdir(parents=True)
    half.write_bytes(JARS["part11"][:100])
    registry.missing.clear()
    registry.served.clear()
    install(tmp_path, LOCK)
    assert "part11" in registry.served
    assert not come_down & set(registry.served)
    assert not partial.exists()


def test_a_jar_that_was_damaged_later_is_mended(registry, tmp_path):
    folder = install(tmp_path, LOCK)
    (folder / "lib" / "part5-1.0.jar").write_bytes(b"short")
    assert installed(tmp_path, LOCK) is None
    registry.served.clear()
    assert install(tmp_path, LOCK) == folder
    assert registry.served == ["part5"]


def test_the_standard_cache_is_used_where_its_jar_is_right_and_passed_by_where_not(registry, tmp_path):
    for name, content in (("part1", JARS["part1"]), ("part2", b"tampered")):
        file = tmp_path / "m2" / "org" / "example" / name / "1.0" / f"{name}-1.0.jar"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    folder = install(tmp_path, LOCK)
    assert "part1" not in registry.served
    assert "part2" in registry.served
    assert (folder / "lib" / "part2-1.0.jar").read_bytes() == JARS["part2"]


def test_a_registry_that_does_not_answer_is_an_error_with_the_next_step(registry, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_MAVEN", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match=r"cannot be downloaded: .*; check the connection .* run the command again"):
        install(tmp_path, LOCK)


def test_a_certificate_that_is_not_known_names_the_variable_of_certificates(registry, tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise requests.exceptions.SSLError("self-signed certificate in certificate chain")

    monkeypatch.setattr(requests.Session, "request", refuse)
    with pytest.raises(ServerError, match=r"self-signed certificate .* in REQUESTS_CA_BUNDLE and run the command"):
        install(tmp_path, LOCK)


def test_another_fault_of_an_encrypted_connection_may_pass(registry, tmp_path, monkeypatch):
    def broken(*_arguments, **_options):
        raise requests.exceptions.SSLError("EOF occurred in violation of protocol")

    waited = []
    monkeypatch.setattr(requests.Session, "request", broken)
    monkeypatch.setattr(install_module.time, "sleep", waited.append)
    with pytest.raises(ServerError, match="check the connection"):
        install(tmp_path, LOCK)
    assert {1, 2} <= set(waited)


def test_a_disk_without_room_is_refused_before_the_download(registry, tmp_path, monkeypatch):
    full = install_module.shutil.disk_usage(tmp_path)._replace(free=1_000)
    monkeypatch.setattr(install_module.shutil, "disk_usage", lambda folder: full)
    with pytest.raises(ServerError, match=r"the server needs 1 MB in .*, where 0 MB are free; make room"):
        install(tmp_path, LOCK)
    assert registry.served == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "servers").write_text("not a folder")
    with pytest.raises(ServerError, match=r"the server cannot be installed in .*servers: .*KARTOGRAPH_HOME"):
        install(tmp_path, LOCK)


def test_a_lock_reads_back_as_it_was_written():
    native = Artifact("io.example", "native", "2.0", "linux-x86_64", "lib", "0" * 64, 7)
    lock = Lock("5.26", "2.13", "5.24", (*LOCK.artifacts, native))
    assert parse_lock(format_lock(lock)) == lock
    assert native.file == "lib/native-2.0-linux-x86_64.jar"


def test_the_committed_lock_names_no_host_and_holds_both_parts():
    lock = committed_lock()
    text = Path(install_module.__file__).with_name("artifacts.lock.json").read_text("utf-8")
    assert "://" not in text
    assert {one.name for one in lock.artifacts if one.folder == "plugins"} >= {
        "proc",
        "opengds-extension",
        "cypher-ast-factory-9.0",
        "cypher-javacc-parser-9.0",
    }
    assert {one.name for one in lock.artifacts if one.folder == "lib"} >= {"neo4j", "neo4j-browser", "neo4j-server"}
    assert not any(one.name == "slf4j-api" and one.folder == "plugins" for one in lock.artifacts)


def test_the_digest_changes_with_any_sum():
    other = Lock("1", "1", "1", (*LOCK.artifacts[:-1], Artifact("g", "n", "1", "", "lib", "f" * 64, 1)))
    assert other.digest != LOCK.digest
