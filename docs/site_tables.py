"""Cells of tables, made for the site: `mkdocs.yml` names this file as a hook.

A bar in a cell stands as `\\|` in Markdown, and would keep the backslash within code. On a narrow screen names are
broken after a dot, comma, slash, bar or underscore and nowhere else, and cells of prose or of long names keep a width
to read them in.
"""

import re

CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
CODE = re.compile(r"(<code>)(.*?)(</code>)", re.DOTALL)
BREAK = re.compile(r"(?<=\w)([./_|]|,(?!\d))(?=\w)")
PROSE = 20
"""Letters beside code from which a cell is one of prose."""
NAMES = 60
"""Letters of code from which a cell is one of long names."""


def on_page_content(html: str, **_: object) -> str:
    """Rewrite the cells of a page."""
    return CELL.sub(_rewritten, html)


def _rewritten(cell: re.Match[str]) -> str:
    text = re.sub(r"<[^>]*>", "", CODE.sub("", cell[2]))
    names = sum(len(code[2]) for code in CODE.finditer(cell[2]))
    kinds = ("prose" if len(text) >= PROSE else "", "names" if names >= NAMES else "")
    kind = f' class="{" ".join(filter(None, kinds))}"' if any(kinds) else ""
    return f"<td{cell[1]}{kind}>{CODE.sub(_breakable, cell[2])}</td>"


def _breakable(code: re.Match[str]) -> str:
    return code[1] + BREAK.sub(r"\1<wbr>", code[2].replace(r"\|", "|")) + code[3]
