"""Tests of a shop's folders, its password, its memory and its configuration; no server is started."""

import os
import socket
import stat
import subprocess
import sys

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.graph.managed.children import open_private
from kartograph.graph.managed.configuration import LOOPBACK, Ports, free_port, free_ports, write_configuration
from kartograph.graph.managed.diagnostics import advice, last_lines, startup_output
from kartograph.graph.managed.home import ShopDirectory, default_root
from kartograph.graph.managed.memory import Memory, machine_mib, mib
from kartograph.graph.managed.password import password_in, set_initial_password
from kartograph.tables.errors import BadInput, ServerError


@pytest.mark.parametrize("name", ["shop", "books-2", "0", "a" * 63])
def test_a_shop_lies_below_the_root_under_its_name(tmp_path, name):
    assert ShopDirectory.of(name, root=tmp_path).folder == tmp_path / "shops" / name


@pytest.mark.parametrize("name", ["", "..", "a/b", "Shop", "a b", "-a", "a" * 64, "ü", "a\n"])
def test_a_name_that_is_no_folder_of_its_own_is_refused(tmp_path, name):
    with pytest.raises(BadInput, match="cannot be the name of a shop: use 1 to 63 of the characters a-z, 0-9, _ and -"):
        ShopDirectory.of(name, root=tmp_path)


@given(st.text(max_size=70))
def test_no_name_leads_out_of_the_shops_folder(name):
    try:
        home = ShopDirectory.of(name)
    except BadInput:
        return
    assert home.folder.resolve().parent == (home.root / "shops").resolve()


def test_the_root_is_the_variable_where_it_is_set(monkeypatch, tmp_path):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "elsewhere"))
    assert default_root() == tmp_path / "elsewhere"
    monkeypatch.delenv("KARTOGRAPH_HOME")
    assert default_root().name == "kartograph"


def test_the_file_current_names_the_active_generation(tmp_path):
    home = ShopDirectory.of("shop", root=tmp_path)
    assert home.current == home.generations / "first" / "data"
    home.make()
    home.current_file.write_text("second")
    assert home.current == home.generations / "second" / "data"


def test_a_password_is_generated_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "password"
    first = password_in(file)
    assert len(first) == 32
    assert first == password_in(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_empty_password_file_is_an_error(tmp_path):
    (tmp_path / "password").touch()
    with pytest.raises(ServerError, match="is empty, but must hold the password"):
        password_in(tmp_path / "password")


def test_a_database_keeps_the_password_that_it_was_given_first(tmp_path):
    set_initial_password(tmp_path, "one")
    file = tmp_path / "dbms" / "auth.ini"
    before = file.read_text()
    assert before.startswith("neo4j:SHA-256,")
    assert "one" not in before
    set_initial_password(tmp_path, "two")
    assert file.read_text() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_memory_is_a_share_of_the_machine_within_bounds(monkeypatch):
    monkeypatch.delenv("KARTOGRAPH_HEAP", raising=False)
    monkeypatch.delenv("KARTOGRAPH_PAGE_CACHE", raising=False)
    memory = Memory.sized()
    assert 768 <= memory.heap_mib <= 8192
    assert 256 <= memory.page_cache_mib <= 4096


def test_memory_is_what_was_asked_for_before_what_the_environment_says(monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HEAP", "3g")
    monkeypatch.setenv("KARTOGRAPH_PAGE_CACHE", "512m")
    assert Memory.sized() == Memory(3 * 1024, 512)
    assert Memory.sized("700m", "1 GiB") == Memory(700, 1024)


@pytest.mark.parametrize("text", ["", "2", "2t", "-1g", "1.5g", "10m", "g"])
def test_a_size_that_is_none_is_refused_with_the_form_that_is_allowed(text):
    with pytest.raises(BadInput, match=r"is no size of the heap: write a number and m or g, at least 64m"):
        mib(text, "heap")


def test_the_limit_of_a_control_group_counts_where_it_is_smaller(tmp_path):
    whole = psutil.virtual_memory().total // 2**20
    assert machine_mib(tmp_path) == whole
    (tmp_path / "memory.max").write_text("max\n")
    assert machine_mib(tmp_path) == whole
    (tmp_path / "memory.max").write_text(str(300 * 2**20))
    assert machine_mib(tmp_path) == 300


def test_a_port_that_is_taken_is_left_alone():
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        held.listen()
        taken = held.getsockname()[1]
        assert free_port(taken) not in (taken, 0)
    assert free_port(taken) == taken


def test_taken_ports_are_passed_by():
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))  # a port of this test: the usual one comes and goes with other servers
        other.listen()
        taken = other.getsockname()[1]
        ports = free_ports(preferred=Ports(http=0, bolt=taken))
        assert ports.bolt not in (taken, ports.http)


def test_the_configuration_listens_on_loopback_confines_files_and_bounds_logs(tmp_path):
    paths = ShopDirectory.of("shop", root=tmp_path).paths
    ports = free_ports(usual=False)
    write_configuration(paths, tmp_path / "servers" / "x", Memory(512, 64), ports)
    settings = dict(line.split("=", 1) for line in (paths.conf / "neo4j.conf").read_text().splitlines())
    assert settings["server.bolt.listen_address"] == f"127.0.0.1:{ports.bolt}"
    assert settings["server.directories.import"] == "import"
    assert settings["server.directories.data"] == "generations/first/data"
    assert settings["dbms.security.auth_enabled"] == "true"
    assert settings["db.tx_log.rotation.retention_policy"] == "128M size"
    assert settings["dbms.usage_report.enabled"] == "false"
    assert settings["server.http_enabled_modules"] == "BROWSER"
    assert settings["dbms.security.http_access_control_allow_origin"] == f"http://127.0.0.1:{ports.http}"
    assert {"127.0.0.0/8", "10.0.0.0/8", "::1/128"} <= set(settings["internal.dbms.cypher_ip_blocklist"].split(","))


MANY_PROCESSES = """
import sys
from pathlib import Path
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.password import password_in
print("ready", flush=True)
sys.stdin.readline()
for number in range(150):
    home = ShopDirectory.of(f"shop{number}", root=Path(sys.argv[1]))
    home.make()
    print(password_in(home.password_file))
"""


def test_processes_that_make_one_home_at_once_all_succeed_and_read_one_password(tmp_path):
    command = [sys.executable, "-c", MANY_PROCESSES, str(tmp_path)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate() for process in processes]
    assert [errors for _, errors in answers] == [""] * 4
    assert len({passwords for passwords, _ in answers}) == 1
    assert [len(password) for password in answers[0][0].split()] == [32] * 150
    assert sorted(path.name for path in (tmp_path / "shops" / "shop0").iterdir()) == [
        *("conf", "generations", "import", "logs", "password")
    ]


def test_two_ports_are_two():
    """The system may offer a port again that was let go; the first is held until the second is chosen."""
    assert all(ports.http != ports.bolt for ports in (free_ports(usual=False) for _ in range(50)))


def test_the_files_of_a_shop_are_its_owners_alone_under_any_umask(tmp_path):
    before = os.umask(0)
    try:
        home = ShopDirectory.of("shop", root=tmp_path)
        home.make()
        write_configuration(home.paths, tmp_path / "servers" / "x", Memory(512, 64), free_ports(usual=False))
        password_in(home.password_file)
        with open_private(home.logs / "console.log") as console:
            console.write(b"a line")
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    files = [path for path in home.folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["console.log", "neo4j.conf", "password"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_root_that_names_no_folder_is_refused(monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", "~nobody-of-this-name/kartograph")
    with pytest.raises(BadInput, match='KARTOGRAPH_HOME is "~nobody-of-this-name/kartograph", which names no folder'):
        default_root()


@pytest.mark.parametrize(
    ("sign", "step"),
    [
        ("java.io.IOException: No space left on device", "the disk is full: make room"),
        ("Failed to validate '[system]' for 'server.databases.read_only'", "the disk is full: make room"),
        ("Neo4j ended, killed by signal 9, likely", "close other programs, or set KARTOGRAPH_HEAP"),
        ("Error: Could not reserve enough space for 9kB object heap", "set KARTOGRAPH_HEAP"),
        ("bind(..) failed with error(-98): Address already in use", "another program took its port"),
        ("Lock file has been locked by another process: store_lock", "another server runs on the same database"),
        ("java.nio.file.AccessDeniedException: /x", "belongs to another user"),
        ("something new", "look into the log"),
    ],
)
def test_what_the_server_wrote_leads_to_the_next_step(sign, step):
    assert step in advice(f"first line\n{sign}\nlast line")


def test_only_what_the_last_start_wrote_is_told(tmp_path):
    paths = ShopDirectory.of("shop", root=tmp_path).paths
    paths.logs.mkdir(parents=True)
    (paths.logs / "neo4j.log").write_bytes(b"No space left on device\n")
    since = os.path.getsize(paths.logs / "neo4j.log")
    (paths.logs / "console.log").write_text("console\n")
    with (paths.logs / "neo4j.log").open("a") as log:
        log.write("new\n")
    assert startup_output(paths, since) == "console\nnew"
    assert last_lines(paths.logs / "neo4j.log", 1) == ["new"]
    assert last_lines(paths.logs / "none.log") == []
