"""Without the extras everything else works, and what needs one says which in a sentence."""

import json
import tomllib
from pathlib import Path

import pytest
from tests.without_extras import command_without, run_without

ROOT = Path(__file__).parents[1]
NEED_AN_EXTRA = (
    *("serving.", "models.neural.", "models.preaddl.", "models.two_stage.", "models.blend.training"),
    *("evaluation.", "graph.export.hetero", "tables.cluster.spark_arrow"),
)
"""Modules that may not be importable without the extras: nothing else imports them at its top."""


@pytest.mark.slow
def test_every_module_but_those_of_the_extras_is_imported_without_them(tmp_path):
    script = """
import pkgutil, json
from importlib import import_module
import kartograph
failed = {}
for module in pkgutil.walk_packages(kartograph.__path__, "kartograph."):
    if module.name.endswith("__main__") or ".reference" in module.name:
        continue
    try:
        import_module(module.name)
    except Exception as error:
        failed[module.name.removeprefix("kartograph.")] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""
    done = run_without(script, home=tmp_path)
    assert done.returncode == 0, done.stderr
    failed = json.loads(done.stdout.splitlines()[-1])
    assert "models.neural.sasrec" in failed and "serving.app" in failed, "what is blocked is blocked"
    others = {name: why for name, why in failed.items() if not name.startswith(NEED_AN_EXTRA)}
    assert others == {}
    kinds = {why.partition(":")[0] for why in failed.values()}
    assert kinds == {"ModuleNotFoundError", "ExtraMissing"}


def test_every_command_shows_its_help_without_the_extras(tmp_path):
    script = """
from typer.testing import CliRunner
from importlib import import_module
from kartograph.cli.app import COMMAND_FILES, app
for name in COMMAND_FILES: import_module(f"kartograph.cli.{name}")
from typer.main import get_command
def walk(command, words):
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0, (words, done.output)
    for name, below in getattr(command, "commands", {}).items():
        walk(below, [*words, name])
walk(get_command(app), [])
print("whole")
"""
    done = run_without(script, home=tmp_path)
    assert done.stdout.strip() == "whole", done.stderr


def test_models_that_need_pytorch_are_listed_and_say_so(tmp_path):
    listed = {row["model"]: row for row in json.loads(command_without("models", "--json", home=tmp_path).stdout)}
    assert (listed["sasrec"]["extra"], listed["sasrec"]["installed"]) == ("neural", False)
    assert (listed["walk"]["extra"], listed["walk"]["installed"]) == (None, True)
    shown = command_without("models", home=tmp_path)
    [row] = [line for line in shown.stdout.splitlines() if "│ sasrec " in line and "self-attention" in line]
    assert "the extra neural" in row
    assert 'pip install "kartograph[neural]"' in shown.stderr


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (["serve"], "serve"),
        (["mcp"], "mcp"),
        (["evaluate", "preaddl", "FILE", "--models", "preaddl"], "neural"),
    ],
)
def test_a_command_that_needs_an_extra_says_which(tmp_path, words, extra):
    file = tmp_path / "events.csv"
    file.write_text("timestamp,visitorid,event,itemid,transactionid\n" + "1433221332117,1,view,2,\n" * 3)
    done = command_without(*[str(file) if word == "FILE" else word for word in words], home=tmp_path)
    assert done.returncode == 1, done.stdout
    assert f'pip install "kartograph[{extra}]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_evaluations_go_on_without_the_models_that_need_pytorch(tmp_path):
    lines = [f"s{n},{item},{place}" for n in range(160) for place, item in enumerate((f"a{n % 5}", f"b{n % 5}", "c"))]
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text("\n".join(["session_id,item_id,position", *lines[:360]]) + "\n")
    test.write_text("\n".join(["session_id,item_id,position", *lines[360:]]) + "\n")
    words = ["evaluate", "sequences", "--train", str(train), "--test", str(test), "--models", "walk,sasrec,blend"]
    done = command_without(*words, "--json", str(tmp_path / "record.json"), home=tmp_path)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "record.json").read_text())
    assert set(record["figures"]) == {"walk", "blend"}
    assert record["failed"]["sasrec"].startswith("sasrec needs the extra neural")


def test_python_names_say_which_extra_they_need(tmp_path):
    script = """
import kartograph as kg
for ask in (lambda: kg.models.SASRec, lambda: kg.models.make("sr-gnn")):
    try:
        ask()
    except kg.errors.ExtraMissing as error:
        print(error)
"""
    done = run_without(script, home=tmp_path)
    assert done.stdout.count('needs the extra neural, which is not installed: pip install "kartograph[neural]"') == 2, (
        done.stderr
    )


def test_what_the_package_is_asked_for_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    always = {line.split(">")[0].split("[")[0] for line in project["dependencies"]}
    extras = project["optional-dependencies"]
    assert {"neo4j", "py2neo", "pandas", "numpy", "rdflib", "scikit-learn"} <= always
    assert {"torch", "torch-geometric"} <= {line.split(">")[0] for line in extras["neural"]}
    assert not always & {"torch", "torch-geometric", "fastapi", "transformers", "pyspark"}
    [every] = extras["all"]
    assert set(every.partition("[")[2].rstrip("]").split(",")) == set(extras) - {"all"}
