"""Every command line that the documentation shows parses against the command line, without running."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from kartograph.reference.commands import root

ROOT = Path(__file__).resolve().parents[2]
FILES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
BLOCK = re.compile(r"^```(?:sh|bash|)\n(.*?)^```|((?:^    .*\n)+)", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(kartograph [^`]+)`")
NO_LINE = ("…", "|", "[", "COMMAND", "LOADER")
"""What only a line has that describes a form of commands and is none."""


def shown(text: str) -> list[str]:
    """The command lines of a page, comments and redirections left out."""
    lines = [line.strip() for found in BLOCK.finditer(text) for line in (found[1] or found[2]).splitlines()]
    lines = [re.sub(r"^(\d+ |\* )+ *cd \S+ && \S*/", "", line) for line in lines]
    inline = [line for line in INLINE.findall(text) if not any(mark in line for mark in NO_LINE)]
    calls = [part for line in lines for part in re.split(r" && | \|\| ", line)]
    calls = [part.removeprefix(".venv/bin/") for part in calls]
    return [line for line in calls if line.startswith("kartograph ")] + inline


def arguments_of(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    words = [word.strip("[]") for word in words]  # around what may be left out
    for mark in ("<", ">", "|", "&"):
        words = words[: words.index(mark)] if mark in words else words
    return words[1:]


def parse(command: Any, words: list[str], name: str, whole: bool) -> None:
    """Parse the words as the command would; raises what it raises for what it does not know or lacks."""
    context = command.make_context(name, list(words), resilient_parsing=True)
    context.resilient_parsing = False
    known, rest, _ = command.make_parser(context).parse_args(list(words))
    if hasattr(command, "commands"):
        if not rest:
            assert not whole, f"{name} needs a command"
            return
        assert rest[0] in command.commands, f"{name} has no command {rest[0]}"
        parse(command.commands[rest[0]], rest[1:], f"{name} {rest[0]}", whole)
        return
    assert not rest or context.allow_extra_args, f"{name} does not take {rest}"
    if whole:
        missing = [
            one.name for one in command.params if one.required and not isinstance(known.get(one.name), str | list)
        ]
        assert not missing, f"{name} needs {missing}"


@pytest.fixture(scope="module")
def command_line() -> Any:
    return root()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_command_shown_has_its_options(file, command_line):
    wrong = []
    for line in shown(file.read_text("utf-8")):
        try:
            parse(command_line, arguments_of(line), "kartograph", whole=False)
        except Exception as error:  # whatever class of errors the parser has
            wrong.append(f"{line}: {error}")
    assert wrong == []


def test_command_lines_are_seen_in_every_form_and_wrong_ones_refused(command_line):
    text = (
        "`kartograph stop`\n```sh\n.venv/bin/kartograph demo && kartograph start  # so\n```\n\n    kartograph serve\n"
    )
    assert shown(text) == ["kartograph demo", "kartograph start  # so", "kartograph serve", "kartograph stop"]
    assert sum(len(shown(file.read_text("utf-8"))) for file in FILES) > 150
    for line in ("kartograph stop --fast", "kartograph nope", "kartograph load nope x", "kartograph stop now"):
        with pytest.raises(Exception, match=r"fast|nope|now"):
            parse(command_line, arguments_of(line), "kartograph", whole=False)
    with pytest.raises(AssertionError, match="needs"):
        parse(command_line, ["train"], "kartograph", whole=True)


def test_the_example_of_every_command_is_whole(command_line):
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    blocks = [line for found in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S) for line in found.splitlines()]
    assert len(blocks) > 50
    for line in blocks:
        parse(command_line, arguments_of(line), "kartograph", whole=True)
