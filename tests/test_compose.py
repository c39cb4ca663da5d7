"""Tests that docker-compose.yml is the same server as the managed one, and as closed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from kartograph.graph.managed.installing.artifacts import committed_lock

FILE = Path(__file__).resolve().parent.parent / "docker-compose.yml"


@pytest.fixture(scope="module")
def service() -> dict:
    return yaml.safe_load(FILE.read_text("utf-8"))["services"]["neo4j"]


def test_the_image_is_of_the_locked_version(service):
    assert service["image"] == f"neo4j:{committed_lock().neo4j}-community"


def test_ports_are_open_on_the_loopback_address_only(service):
    assert service["ports"] and all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_password_comes_from_the_environment_and_has_no_default(service):
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")


def test_the_plugins_are_the_verified_jars_and_the_data_is_a_named_volume(service):
    assert any(one.startswith("${KARTOGRAPH_PLUGINS:?") and one.endswith(":/plugins:ro") for one in service["volumes"])
    assert "data:/data" in service["volumes"]
    assert "healthcheck" in service


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
        env={**known, "KARTOGRAPH_PLUGINS": "/plugins", **environment},
        capture_output=True,
        text=True,
    )


def test_compose_accepts_the_file():
    assert _compose(NEO4J_PASSWORD="long enough").returncode == 0


def test_compose_refuses_to_start_without_a_password():
    refused = _compose()
    assert refused.returncode != 0
    assert "set NEO4J_PASSWORD" in refused.stderr
