"""Each module, equation, table and figure of the three papers, where it is here, and what is out of reach and why.

    python -m kartograph.evaluation.papers.coverage        # docs/papers.md anew

A test checks that every file, preset, command and test exists and that the page is not stale.
"""

from pathlib import Path

from kartograph.evaluation.papers.parts.mcprhrec import MCPRHREC
from kartograph.evaluation.papers.parts.ontology import ONTOLOGY
from kartograph.evaluation.papers.parts.preaddl import PREADDL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "papers.md"
PAPERS = (PREADDL, MCPRHREC, ONTOLOGY)


def page() -> str:
    """The page."""
    parts = [
        "# The three papers, part by part",
        "Made by `python -m kartograph.evaluation.papers.coverage` from the code; a test fails where a file, a preset, "
        "a command or a test is not there. `kartograph reproduce NAME` runs a paper's protocol and writes its page. "
        "*Whole* is what is built in full, with what had to be decided beside it. "
        "Words in capitals stand for files and ids.",
    ]
    for paper in PAPERS:
        parts.append(f"## {paper.title}: `reproduce {paper.name}`")
        rows = ["| part | state | command | presets | files | tests |", "| --- | --- | --- | --- | --- | --- |"]
        rows += [
            f"| {part.part} | {part.state} | {_code((part.command,))} | {_code(part.presets)} "
            f"| {_code(part.files)} | {_code(part.tests)} |"
            for part in paper.parts
        ]
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names if name)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
