"""Tests of what every numeric option refuses; the options are found by walking the commands."""

from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from typing import Annotated, Any, get_args, get_origin

import pytest
import typer.main
from typer.testing import CliRunner

from kartograph.cli.app import COMMAND_FILES, app
from kartograph.cli.shared.checked import CheckedCommand

for name in COMMAND_FILES:
    import_module(f"kartograph.cli.{name}")


def commands(group: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands below a group, with the words that call them."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*way, name))
        else:
            yield (*way, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def numeric(command: Any) -> Iterator[tuple[str, type]]:
    """The options of a command that take numbers: `--gap`, and float or int."""
    declared = signature(command.callback).parameters
    for option in command.params:
        kind = declared[option.name].annotation if option.name in declared else None
        while get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        for one in {kind, *get_args(kind)} & {int, float}:
            if option.opts[0].startswith("--"):
                yield option.opts[0], one


NUMBERS = [(way, option, kind) for way, command in COMMANDS.items() for option, kind in numeric(command)]


def refused(way: tuple[str, ...], option: str, text: str) -> str:
    """The error for one value of an option; other values that the command needs are not asked for."""
    command = COMMANDS[way]
    others = {id(one): one.required for one in command.params}
    try:
        for one in command.params:
            one.required = False
        with pytest.raises(Exception, match=r".+") as error:
            command.make_context(way[-1], [f"{option}={text}"])
        return error.value.format_message()  # pyright: ignore[reportAttributeAccessIssue]
    finally:
        for one in command.params:
            one.required = others[id(one)]


def test_the_terminal_alone_breaks_the_lines_of_a_help_text():
    texts = [command.help for command in COMMANDS.values()]
    assert [text for text in texts if "\n" in text.replace("\n\n", "")] == []
    assert sum("\n\n" in text for text in texts) > 10


def test_every_command_looks_at_its_numbers():
    assert {type(command) for command in COMMANDS.values()} == {CheckedCommand}
    assert (("load", "access-log"), "--session-gap", float) in NUMBERS
    assert (("recommend",), "--top", int) in NUMBERS


@pytest.mark.parametrize(
    ("way", "option", "text"),
    [
        (way, option, text)
        for way, option, kind in NUMBERS
        for text in (["nan", "inf", "-inf", "1e999"] if kind is float else [str(10**30), str(-(10**30))])
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else part,
)
def test_what_is_no_number_or_too_large_is_refused_before_the_command_begins(way, option, text):
    assert option in refused(way, option, text)


@pytest.mark.parametrize(
    ("way", "option", "text", "message"),
    [
        (("recommend",), "--top", "0", '"0" is below 1, the smallest value'),
        (("recommend",), "--top", "many", '"many" is no whole number'),
        (("load", "access-log"), "--session-gap", "long", '"long" is no number'),
        (("patterns",), "--period", "year", "'year' is not one of 'event', 'day', 'week', 'month'"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else part,
)
def test_a_value_that_is_refused_is_named_with_what_is_wrong_about_it(way, option, text, message):
    assert message in refused(way, option, text)


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        (["status", "--shop", "books"], "kartograph --shop books status …"),
        (["load", "interactions", "x.csv", "--shop=books"], "kartograph --shop books load interactions …"),
        (["load", "auto", "x.csv", "--shop"], "kartograph --shop NAME load auto …"),
        (["query", "--quiet"], "kartograph --quiet query …"),
    ],
    ids=" ".join,
)
def test_an_option_of_kartograph_behind_a_command_is_shown_where_it_stands(arguments, right):
    result = CliRunner().invoke(app, arguments, prog_name="kartograph")
    assert result.exit_code == 2
    assert right in " ".join(result.output.replace("│", " ").split())
