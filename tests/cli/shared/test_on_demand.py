"""A command imports its own file, and of libraries what it uses."""

import json
import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest
import typer
from tests.queries import small_shop

from kartograph.cli.app import COMMAND_FILES, app
from kartograph.cli.shared.on_demand import declared

NOT_NEEDED = ("torch", "numba", "duckdb", "ibis", "graphdatascience", "scipy.stats", "scipy.linalg", "requests")
"""Libraries that an answer of a walk to one user does without."""
SCRIPT = """
import json, sys
from kartograph.cli import main
sys.argv = ["kartograph", *json.loads(sys.argv[1])]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def modules_after(*arguments: str) -> list[str]:
    """What a process has imported when its command ends well."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, json.dumps(arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


def test_every_command_is_found_in_the_file_that_declares_it():
    root: Any = typer.main.get_command(app)
    names = root.list_commands(None)
    files = declared(COMMAND_FILES)
    alone = {name for name in names if not hasattr(root.get_command(None, name), "commands")}
    assert set(files) == alone
    for name in alone:
        assert root.get_command(None, name).callback.__module__ == f"kartograph.cli.{files[name]}"


def test_a_command_imports_no_file_of_others():
    imported = modules_after("recommend", "--help")
    assert "kartograph.cli.models.recommend" in imported
    assert not {"kartograph.cli.serve", "kartograph.cli.loading.load", "pandas"} & set(imported)


def test_the_version_is_that_of_the_package_and_imports_no_command():
    done = subprocess.run([sys.executable, "-c", SCRIPT, '["--version"]'], capture_output=True, text=True, check=True)
    assert done.stdout == f"kartograph {metadata.version('kartograph')}\n"
    imported = set(json.loads(done.stderr.splitlines()[-1]))
    assert not {f"kartograph.cli.{name}" for name in COMMAND_FILES} & imported
    assert not {"pandas", "numpy", "neo4j", *NOT_NEEDED} & imported


@pytest.mark.slow
@pytest.mark.server
def test_a_recommendation_of_a_kept_version_imports_what_it_uses(addressed, home):
    small_shop.fill(addressed)
    modules_after("train", "walk")
    imported = modules_after("recommend", "walk", "--user", "1")
    assert [name for name in NOT_NEEDED if name in imported] == []


@pytest.mark.slow
@pytest.mark.server
def test_a_recommendation_that_is_a_query_needs_no_matrix(addressed, home):
    small_shop.fill(addressed)
    imported = modules_after("recommend", "co-occurrence", "--user", "1")
    assert [name for name in (*NOT_NEEDED, "scipy.sparse") if name in imported] == []
