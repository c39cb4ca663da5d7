"""Pieces of Markdown that generated pages share."""

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; bars and line ends within cells are kept from ending them."""
    lines = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """Return a text as code; nothing for an empty one."""
    return f"`{text}`" if str(text) else ""


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(re.sub(r"[ \t\r\n]+", " ", str(cell).replace("|", "\\|")).strip() for cell in cells) + " |"
