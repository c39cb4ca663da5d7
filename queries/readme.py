"""Which questions the statements of this folder answer, as a page: `python -m kartograph.queries.readme` writes it.

The page is made of the headers and of the expected rows that the tests compare with, so it cannot promise what the
statements do not do; a test fails when it is stale.
"""

import csv
from importlib.resources import files
from pathlib import Path

from kartograph.queries import Statement, load, names
from kartograph.queries.header import header_of

PURPOSES = {
    "explore": "See what is in the shop",
    "recommend": "Recommend",
    "explain": "Explain a recommendation",
    "enrich": "Enrich the graph",
    "patterns": "Sequential patterns and rules",
    "export": "Export the graph",
    "snapshot": "Read what models learn from",
    "operate": "Operate the database",
    "load": "Load into a running database",
    "write_back": "Write recommendations back",
    "versions": "Versions of trained models",
    "pipeline": "Follow the nightly pipeline",
    "exposures": "See what was shown, clicked and bought",
    "serving": "Read and write for the HTTP interface",
    "erase": "Erase and export a user",
    "ontology": "Work with an ontology",
    "schema": "Constraints and indexes",
    "migrate": "Bring a graph to the present schema",
}
"""The folders in the order of a tour, with their headings."""

SHOWN_ROWS = 3
INTRODUCTION = """\
# Statements to paste

Each file below is one Cypher statement. In Neo4j Browser, run the `:param` lines of its comment block first, one by
one, then paste the file. From the command line: `kartograph query explore/top_items --param k=3`; from Python:
`graph.query(queries.load("explore/top_items"), k=3)`.

Rows are those of a very small shop (`tests/queries/small_shop.cypher`) with the parameters shown. "Run first" names
statements that have to be run once before. This page is generated: `python -m kartograph.queries.readme`.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [INTRODUCTION]
    for purpose, heading in PURPOSES.items():
        parts.append(f"\n## {heading}\n")
        statements = [load(name) for name in names() if name.startswith(f"{purpose}/")]
        parts += [_schema_line(one) if purpose == "schema" else _section(one) for one in statements]
    return "".join(parts)


def expected_rows(name: str) -> list[list[str]]:
    """Return the rows kept beside a statement, the column names first; nothing where it returns nothing."""
    folder, _, file = name.rpartition("/")
    expected = files("kartograph.queries").joinpath(folder, f"{file}.expected.csv")
    if not expected.is_file():
        return []
    return list(csv.reader(expected.read_text("utf-8").splitlines()))


def _schema_line(statement: Statement) -> str:
    return f"- [{statement.name}]({statement.name}.cypher): {header_of(statement).question}\n"


def _section(statement: Statement) -> str:
    header = header_of(statement)
    lines = [f"\n### {header.question}", "", f"[{statement.name}.cypher]({statement.name}.cypher)"]
    if statement.shown:
        lines[-1] += ", with " + ", ".join(_code(f"{name} => {value}") for name, value in statement.shown.items())
    if header.source:
        lines.append(f"\nSource: {header.source}.")
    if header.needs:
        lines.append("\nRun first: " + ", ".join(f"[{name}]({name}.cypher)" for name in header.needs) + ".")
    rows = expected_rows(statement.name)
    if rows:
        lines += ["", _row(rows[0]), _row(["---"] * len(rows[0]))]
        lines += [_row(row) for row in rows[1 : SHOWN_ROWS + 1]]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """A text as code; it may hold backticks."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"


def main() -> None:
    """Write the page beside the statements."""
    Path(__file__).with_name("README.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
