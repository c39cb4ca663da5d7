"""The Cypher prompt behind `kartograph shell`: reads statements, sets parameters, prints tables."""

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import neo4j
import neo4j.exceptions
import neo4j.graph

from kartograph.cli.shared.console import notes, out, print_frame, written
from kartograph.queries import shown_parameters, without_comments
from kartograph.tables.errors import BadInput
from kartograph.tables.report import counted

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph

MAX_ROWS = 200
"""Rows that an interactive prompt prints; piped in, all are printed."""
HELP = """\
Statements end with ";" and may span lines; files of queries/ paste as they are.
:param name => expression   set a parameter    :params   show them    :exit   leave (or Ctrl-D)"""
_TOKEN = re.compile(
    r"""(?P<whole>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:``|[^`])*`|/\*.*?\*/|//[^\n]*(?:\n|\Z))"""
    r"""|(?P<end>;)|(?P<open>['"`]|/\*)""",
    re.DOTALL,
)


def run_prompt(graph: "Graph") -> None:
    """Read standard input to its end and run what stands there.

    At a terminal errors are shown and the prompt goes on; otherwise the first one ends the run as `BadInput`.
    """
    interactive = sys.stdin.isatty()
    if interactive:
        notes.print(HELP, markup=False, highlight=False)
    parameters: dict[str, Any] = {}
    for entry in entries(_lines(interactive)):
        try:
            if entry.startswith(":"):
                if entry.split()[0] in (":exit", ":quit"):
                    return
                _command(graph, entry, parameters)
            else:
                _run(graph, entry, parameters, MAX_ROWS if interactive else None)
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, BadInput) as error:
            message = getattr(error, "message", None) or str(error)
            if not interactive:
                raise BadInput(f"{message}\nin: {without_comments(entry)[:500]}") from error
            notes.print(message, style="red", markup=False, highlight=False)


def entries(lines: Iterator[str]) -> Iterator[str]:
    """Yield the commands (lines that begin with ":") and statements (to their ";") of a text, in order.

    A ";" or ":" in a string, a quoted name or a comment does not count. What is left at the end without ";" is
    yielded too.
    """
    pending = ""
    for line in lines:
        if line.lstrip().startswith(":") and not without_comments(pending) and not _is_open(pending):
            pending = ""
            yield line.strip()
            continue
        pending += line
        statements, pending = split_statements(pending)
        yield from statements
    if without_comments(pending):
        yield pending


def split_statements(text: str) -> tuple[list[str], str]:
    """Return the statements of a text that end in ";", and what follows the last one."""
    statements, begin = [], 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            break
        if token["end"]:
            if without_comments(text[begin : token.start()]):
                statements.append(text[begin : token.end()])
            begin = token.end()
    return statements, text[begin:]


def _is_open(text: str) -> bool:
    """Tell whether a text ends within a string, a quoted name or a comment."""
    return any(token["open"] for token in _TOKEN.finditer(text))


def _lines(interactive: bool) -> Iterator[str]:
    if not interactive:
        yield from sys.stdin
        return
    import readline  # noqa: F401  (gives `input` a history and editing)

    while True:
        try:
            yield input("kartograph> ") + "\n"
        except EOFError:
            return


def _command(graph: "Graph", line: str, parameters: dict[str, Any]) -> None:
    name = line.split()[0]
    if name == ":params":
        for parameter, value in parameters.items():
            out.print(f"{parameter} => {_text(value)}", markup=False)
    elif name == ":param" and (parameters_shown := shown_parameters(line)):
        parameters.update(_evaluated(graph, parameters_shown))
    elif name == ":help":
        notes.print(HELP, markup=False, highlight=False)
    else:
        raise BadInput(f'"{line}" is no command; there are ":param name => expression", :params, :help and :exit')


def _run(graph: "Graph", text: str, parameters: dict[str, Any], most: int | None) -> None:
    # A pasted file shows values for its parameters in its comment block; what was set by hand goes first.
    shown = {name: value for name, value in shown_parameters(text).items() if name not in parameters}
    frame = graph.query(text, write=True, exact=True, **{**_evaluated(graph, shown), **parameters})
    if len(frame.columns):
        print_frame(written(frame.head(most) if most else frame, readable), most=None)
    notes.print(counted(len(frame), "row") + (f", the first {most} shown" if most and len(frame) > most else ""))


def _evaluated(graph: "Graph", expressions: dict[str, str]) -> dict[str, Any]:
    return {name: _value_of(graph, expression) for name, expression in expressions.items()}


def _value_of(graph: "Graph", expression: str) -> Any:
    with graph.driver.session(database=graph.database, default_access_mode=neo4j.READ_ACCESS) as session:
        # The expression is the person's own Cypher, as in Neo4j Browser; it cannot be a parameter itself.
        record = session.run(f"RETURN {expression} AS value").single(strict=True)  # pyright: ignore[reportArgumentType]
        return record["value"]


def readable(value: Any) -> Any:
    """A value as Cypher shows it: null, true, nodes as (:Label {…}), relationships as [:TYPE {…}]; numbers stay."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number or isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    """A value within another one, or one that is neither a number nor text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, neo4j.graph.Node):
        return f"({''.join(f':{label}' for label in sorted(value.labels))} {_text(dict(value))})"
    if isinstance(value, neo4j.graph.Relationship):
        return f"[:{value.type} {_text(dict(value))}]"
    if isinstance(value, neo4j.graph.Path):
        steps = [_text(value.nodes[0])]
        for relationship, node in zip(value.relationships, value.nodes[1:], strict=True):
            steps += [_text(relationship), _text(node)]
        return "-".join(steps)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_text(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return repr(value) if isinstance(value, str) else str(value)
