"""Tests of `kartograph keys | serve | export-user | erase-user` as far as they need no server."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli import keys, serve, users
from kartograph.cli.app import app
from kartograph.serving.config import ServeConfig
from kartograph.serving.keys import key_of, read_keys
from kartograph.serving.reach import Shop
from kartograph.serving.server import serve as run_server
from kartograph.tables.errors import BadInput

assert keys.app is serve.app is users.app is app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_key_is_printed_once_listed_by_name_and_removed(home) -> None:
    secret = run("keys", "add", "website", "--role", "read", "--role", "events").strip().splitlines()[-1]
    path = Shop("shop").paths.keys
    known = key_of(read_keys(path), secret)
    assert known is not None
    assert known.roles == ("read", "events")
    [listed] = json.loads(run("keys", "list", "--json"))
    assert (listed["name"], listed["roles"]) == ("website", "read, events")
    run("keys", "remove", "website")
    assert read_keys(path) == []


def test_a_role_that_there_is_not_is_refused(home) -> None:
    with pytest.raises(BadInput, match=r'no role "owner"\. Roles are read, events, admin'):
        run("keys", "add", "website", "--role", "owner")


def test_nobody_serves_beyond_loopback_without_a_key(home) -> None:
    with pytest.raises(BadInput, match="keys add NAME"):
        run_server(Shop("shop"), "0.0.0.0", 8080, 1, ServeConfig(), None)


def test_an_id_that_is_none_is_refused_before_a_server_starts(home) -> None:
    with pytest.raises(BadInput, match="1 to 4,000 bytes"):
        run("erase-user", "x" * 5_000, "--yes")


def test_a_configuration_that_is_not_there_is_named_before_a_server_starts(home, tmp_path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        run("serve", "--config", str(tmp_path / "serve.toml"))
