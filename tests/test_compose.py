"""Tests that docker-compose.yml is the same server as the managed one, as closed, and needs nothing but a password."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml

from kartograph.graph.managed.configuration import free_ports
from kartograph.graph.managed.installing.artifacts import committed_lock

FILE = Path(__file__).resolve().parent.parent / "docker-compose.yml"


PATIENCE = 120
"""Seconds after which serving counts as stuck: a busy machine is slow."""


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load(FILE.read_text("utf-8"))["services"]


@pytest.fixture(scope="module")
def service(services) -> dict:
    return services["neo4j"]


def test_the_image_is_of_the_locked_version(service):
    assert service["image"] == f"neo4j:{committed_lock().neo4j}-community"


def test_ports_are_open_on_the_loopback_address_only(services):
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert len(ports) == 3 and all(port.startswith("127.0.0.1:") for port in ports)


def test_the_password_comes_from_the_environment_and_has_no_default(service):
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")


def test_the_verified_plugins_come_into_the_volume_that_neo4j_reads_before_it_starts(services, service):
    assert services["plugins"]["command"] == ["python", "-m", "kartograph.graph.managed.installing.plugins", "/plugins"]
    assert services["plugins"]["volumes"] == ["plugins:/plugins"]
    assert service["depends_on"]["plugins"]["condition"] == "service_completed_successfully"
    assert service["volumes"] == ["data:/data", "plugins:/plugins:ro"]
    assert "healthcheck" in service


def test_what_the_image_is_made_of_is_in_the_repository_and_not_left_out():
    taken = {line[1:] for line in (FILE.parent / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    packages = {link.resolve().name for link in (FILE.parent / "src" / "kartograph").iterdir() if link.is_symlink()}
    assert taken >= {"src", "pyproject.toml", "README.md", *packages}
    assert all((FILE.parent / name).exists() for name in taken)


@pytest.mark.slow
@pytest.mark.server
def test_what_its_container_runs_serves_a_graph_without_anything_and_prints_its_key_once(
    graph, server, services, home, tmp_path
):
    script = services["kartograph"]["command"][2].replace("$$", "$")
    port = free_ports(usual=False).http
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NEO4J")},
        **{"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NEO4J_URI": server.uri},
        **{"NEO4J_PASSWORD": server.auth[1], "KARTOGRAPH_HOME": str(home)},
    }
    keys = []
    for number in range(2):
        printed = tmp_path / f"{number}.txt"
        with printed.open("w") as output:
            process = subprocess.Popen(
                ["sh", "-c", f"{script.rstrip()} --port {port}"], env=environment, stdout=output, stderr=output
            )
        try:
            _await(f"http://127.0.0.1:{port}/healthz", process)
            keys += re.findall(r"^kg_\S+|^\S{30,}$", printed.read_text(), re.M)
            url, bearer = f"http://127.0.0.1:{port}/v1/trending", {"Authorization": f"Bearer {keys[0]}"}
            assert requests.get(url, timeout=30).status_code == 401
            assert requests.get(url, headers=bearer, timeout=30).json()["items"] == []
        finally:
            process.terminate()
            process.wait(60)
    assert len(keys) == 1


def _await(url: str, process: subprocess.Popen) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        try:
            requests.get(url, timeout=5).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError(f"it does not answer; it ended with {process.poll()}")


def _answers(command: list[str]) -> bool:
    return bool(shutil.which(command[0])) and not subprocess.run([*command, "version"], capture_output=True).returncode


def _compose(**environment: str) -> subprocess.CompletedProcess[str]:
    commands = [["docker", "compose"], ["docker-compose"]]  # part of Docker, or the program that it was before
    command = next((one for one in commands if _answers(one)), None)
    if command is None:
        pytest.skip("there is no `docker compose` here; on Debian: apt-get install docker-compose")
    known = {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}
    return subprocess.run(
        [*command, "--file", str(FILE), "config"],
        env={**known, **environment},
        capture_output=True,
        text=True,
    )


def test_compose_accepts_the_file():
    assert _compose(NEO4J_PASSWORD="long enough").returncode == 0


def test_compose_refuses_to_start_without_a_password():
    refused = _compose()
    assert refused.returncode != 0
    assert "set NEO4J_PASSWORD" in refused.stderr
