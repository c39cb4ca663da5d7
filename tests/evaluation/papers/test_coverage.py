"""The table of what of the papers is where: everything that it names exists."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from kartograph import queries
from kartograph.cli.app import COMMAND_FILES, app
from kartograph.evaluation.papers.coverage import PAGE, PAPERS, page
from kartograph.evaluation.papers.reproduce import PAPERS as REPRODUCED
from kartograph.models.registry import names

ROOT = Path(__file__).resolve().parents[3]
PARTS = [part for paper in PAPERS for part in paper.parts]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.part[:40])
def test_files_presets_and_tests_exist(part):
    for file in part.files:
        assert (ROOT / file).is_file(), file
    assert set(part.presets) <= set(names())
    for test in part.tests:
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), file
        assert not name or f"def {name}(" in (ROOT / file).read_text("utf-8"), test
    assert part.state and (part.files or part.state != "whole")


def test_commands_exist_with_their_options():
    for name in COMMAND_FILES:
        import_module(f"kartograph.cli.{name}")
    root: Any = typer.main.get_command(app)
    for command in {part.command for part in PARTS if part.command}:
        result = root
        for word in command.split():
            if word.startswith("--"):
                assert any(word in one.opts for one in result.params), command
            elif hasattr(result, "commands"):
                assert word in result.commands, command
                result = result.commands[word]
            elif "/" in word:
                assert queries.load(word).body


def test_every_paper_can_be_reproduced_and_the_page_is_not_stale():
    assert {paper.name for paper in PAPERS} == set(REPRODUCED)
    assert PAGE.read_text("utf-8") == page(), "run python -m kartograph.evaluation.papers.coverage"
