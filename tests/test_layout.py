"""The layout keeps its shape: one direction of dependence, a whole wheel, a light start."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("tables", "queries", "graph", "ontology", "loaders", "models", "evaluation", "pipeline", "serving")
"""In order of dependence: a package may use any to its left. `tables` and `queries` use neither the other."""


def source_files(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def nodes_of(*packages: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of the syntax of every Python file of some packages, with its file."""
    for file in chain.from_iterable(map(source_files, packages)):
        if file.suffix == ".py":
            yield from ((file, node) for node in ast.walk(ast.parse(file.read_text("utf-8"))))


def packages_used_by(file: Path) -> set[str]:
    """Packages that a Python file imports, at its top or inside its functions."""
    used = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "kartograph":
            used |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kartograph."):
            used.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            used |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("kartograph.")}
    return used - {"__version__"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_uses_only_packages_to_its_left(package: str) -> None:
    allowed = {package, *PACKAGES[: PACKAGES.index(package)]} - ({"tables"} if package == "queries" else set())
    if package == "queries":
        allowed |= {"tables"}  # its one error class lives in the tree of errors
    wrong = {
        str(file.relative_to(ROOT)): sorted(packages_used_by(file) - allowed)
        for file in source_files(package)
        if file.suffix == ".py" and packages_used_by(file) - allowed
    }
    assert wrong == {}


def test_the_wheel_holds_every_file_of_every_package(tmp_path: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not installed beside this Python; `pip install uv` makes this test run")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", tmp_path, ROOT], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    expected = {
        f"kartograph/{file.relative_to(ROOT).as_posix()}" for package in PACKAGES for file in source_files(package)
    }
    assert expected - packed == set()


def test_help_imports_neither_torch_nor_pandas_nor_the_driver() -> None:
    heavy = ["torch", "pandas", "neo4j", "ibis", "sklearn", "graphdatascience", "matplotlib"]
    script = (
        "import sys\nfrom kartograph.cli.app import COMMAND_FILES, app\n"
        "from importlib import import_module\n"
        "for name in COMMAND_FILES: import_module(f'kartograph.cli.{name}')\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_no_folder_has_more_than_15_loose_modules() -> None:
    many = {}
    for package in (*PACKAGES, "src"):
        for folder in [ROOT / package, *(ROOT / package).rglob("*/")]:
            if not folder.is_symlink():
                loose = [file for file in folder.glob("*.py") if not file.stem.startswith("__")]
                many |= {str(folder.relative_to(ROOT)): len(loose)} if len(loose) > 15 else {}
    assert many == {}


def test_docstrings_state_and_do_not_ask() -> None:
    """The first paragraph of a docstring says what stands below it."""
    asking = []
    for file, node in nodes_of(*PACKAGES, "src", "benchmarks", "tests"):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = (ast.get_docstring(node) or "").partition("\n\n")[0]
            if "?" in first:
                asking.append(f"{file.relative_to(ROOT)}: {first}")
    assert asking == []


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 matches a possessive group of alternatives wrongly, but not a single `[^a]*+`."""
    possessive = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")
    wrong = []
    for file, node in nodes_of(*PACKAGES, "src", "benchmarks"):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if possessive.search(text):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}: {text}")
    assert wrong == []


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    """`.ci/run` reads the command out of README.md, so the two cannot differ; it has to find exactly one."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert [line for line in lines if line.endswith(".venv/bin/pytest -n 2")] != []
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_pinned_versions_carry_hashes_and_name_no_address() -> None:
    pinned = (ROOT / "requirements-dev.txt").read_text("utf-8")
    names = {line.split("==")[0] for line in pinned.splitlines() if "==" in line and not line.startswith(" ")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    wanted = {line.split(">")[0].split("[")[0] for line in (*project["dependencies"], *extras)} - {project["name"]}
    assert wanted - names == set()
    assert "://" not in pinned
    assert pinned.count("==") <= pinned.count("--hash=sha256:")
