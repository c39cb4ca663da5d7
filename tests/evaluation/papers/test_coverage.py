"""The table of what of the papers is where: everything that it names exists."""

from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer

from kartograph import queries
from kartograph.cli.app import COMMAND_FILES, app
from kartograph.evaluation.papers.coverage import PAGE, PAPERS, page
from kartograph.evaluation.papers.reproduce import PAPERS as REPRODUCED
from kartograph.models.changed_options import with_changes
from kartograph.models.registry import make, names

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
        program, *words = command.split()
        if program == "python":
            assert words[0] == "-m" and find_spec(words[1]), command
            continue
        assert program == "kartograph"
        result = root
        for word in words:
            if word.startswith("--"):
                assert any(word in (*one.opts, *one.secondary_opts) for one in result.params), command
            elif hasattr(result, "commands"):
                assert word in result.commands, command
                result = result.commands[word]
            elif "/" in word:
                assert queries.load(word).body
        assert not hasattr(result, "commands"), command


def test_options_that_a_command_gives_a_model_are_the_model_s():
    trained = [part.command.split()[2:] for part in PARTS if "--option" in part.command]
    assert trained
    for preset, *words in trained:
        given = dict(value.split("=") for option, value in pairwise(words) if option == "--option")
        changes = {name: float(value) if value[0].isdigit() else value for name, value in given.items()}
        assert with_changes(make(preset).options, changes, preset) != make(preset).options


def test_what_has_no_file_says_why():
    for part in PARTS:
        assert bool(part.files) == bool(part.command) == bool(part.tests), part.part
        assert part.files or part.state != "whole", part.part


def test_every_paper_can_be_reproduced_and_the_page_is_not_stale():
    assert {paper.name for paper in PAPERS} == set(REPRODUCED)
    assert PAGE.read_text("utf-8") == page(), "run python -m kartograph.evaluation.papers.coverage"
