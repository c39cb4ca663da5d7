"""What the docs say of the first steps, and of what is installed, is what `benchmarks/first_steps.py` has recorded."""

import importlib.util
import json
from typing import Any

import pytest
from tests.docs.shown import ROOT


@pytest.fixture(scope="module")
def steps() -> Any:
    spec = importlib.util.spec_from_file_location("first_steps", ROOT / "benchmarks" / "first_steps.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def record(steps) -> dict[str, Any]:
    return json.loads(steps.RECORD.read_text("utf-8"))


def test_the_tables_of_the_start_page_are_those_of_the_record(steps, record):
    page = steps.PAGE.read_text("utf-8")
    assert steps.paths_table(record) in page
    assert steps.sizes_table(record) in page
    assert steps.with_tables(page, record) == page


def test_the_lines_that_were_timed_are_those_of_the_page(steps, record):
    page = steps.PAGE.read_text("utf-8")
    shown = [line for heading, *_ in steps.PATHS.values() for line in steps.typed_lines(page, heading)]
    timed = [*record["installing"], *(line for path in record["paths"].values() for line in path["seconds"])]
    assert timed == shown


def test_sizes_in_sentences_are_those_of_the_record(steps, record):
    size = record["bytes"]
    all_of_it, plain = steps.gigabytes(size["neural,serve"]), steps.gigabytes(size[""])
    torch = steps.gigabytes(size["neural"] - size[""])
    for file, sentence in (
        ("README.md", f"{all_of_it} are installed on Linux, {torch.removesuffix(' GB')} of them PyTorch"),
        ("README.md", f"without `[neural,serve]` it is {plain},"),
        (
            "docs/index.md",
            f"installs {all_of_it} of Python packages on Linux ({torch.removesuffix(' GB')} of them PyTorch)",
        ),
        ("CHANGELOG.md", f"({plain} installed on Linux; PyTorch is {torch} more)"),
    ):
        assert sentence in " ".join((ROOT / file).read_text("utf-8").split()), file


def test_a_path_ends_with_the_first_list_that_it_prints(steps):
    page = (
        "## One\n\n```sh\na\nkartograph --shop b suggest\nkartograph stop\n```\n\n## Two\n```sh\nkartograph demo\n```\n"
    )
    assert steps.typed_lines(page, "One") == ["a", "kartograph --shop b suggest"]
    assert steps.typed_lines(page, "Two") == ["kartograph demo"]
