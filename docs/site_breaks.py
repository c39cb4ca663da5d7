"""Where lines of code and cells of tables may be broken, made for the site: `mkdocs.yml` names this file as a hook.

An option is never broken behind its hyphens, nor are dates, names such as PRE-ADDL and percents. Long names are broken
after a dot, comma, slash, bar or underscore, not before the ending of a file, and in cells of tables nowhere else;
there short names and pairs of figures stay whole, and cells of prose or of long names keep a width to read them in.
Paths in headings are broken before a slash, long names that are links like those in code. A bar in a cell stands as
`\\|` in Markdown, and would keep the backslash within code.
"""

import re

CELL = re.compile(r"<(t[dh])([^>]*)>(.*?)</\1>", re.DOTALL)
CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
HEADING = re.compile(r"<h[1-6].*?</h[1-6]>", re.DOTALL)
LINK = re.compile(r"(<a [^>]*>)([^<\s]{24,})(?=</a>)")
SLASH = re.compile(r"(?<=[\w}])/(?=[\w{])")
BLOCK = re.compile(r"(<pre.*?</pre>|<svg.*?</svg>)", re.DOTALL)
MARKUP = re.compile(r"(<code[ >].*?</code>|<[^>]*>)", re.DOTALL)
BREAK = re.compile(r"(?<=\w)([/_|]|[.,](?!\d|(?:py|md|csv|zip|json|ipynb)\b))(?=\w)")
WHOLE = re.compile(r"(?<![\w-])(?:--[a-z][\w-]*|\d{4}-\d\d-\d\d|[A-Z]{2,}-[A-Z\d]\w*)")
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
PAIR = re.compile(r"(?<=[\w.]) / (?=\w)")
NAME = re.compile(r"\w+(-\w+)+")
PROSE = 20
"""Letters beside code from which a cell is one of prose."""
NAMES = 60
"""Letters of code from which a cell is one of long names."""
PHRASE = 16
"""Letters of code with blanks from which a cell is one of commands."""
SHORT = 16
"""Letters up to which a name in a cell stays whole."""
LONG = 24
"""Letters from which a name outside of tables may be broken."""


def on_page_content(html: str, **_: object) -> str:
    """Rewrite the cells of a page and the code in its lines; blocks of code stay as they are."""
    parts = BLOCK.split(html)
    return "".join(part if part.startswith(("<pre", "<svg")) else _rewritten(part) for part in parts)


def _rewritten(html: str) -> str:
    cells = CELL.sub(_cell, html)
    links = LINK.sub(lambda link: link[1] + BREAK.sub(r"\1<wbr>", link[2]), HEADING.sub(_heading, cells))
    html = re.sub(r"<td.*?</td>|<code>(.*?)</code>", _outside, links, flags=re.DOTALL)
    return "".join(part if part.startswith("<") else _prose(part) for part in MARKUP.split(html))


def _prose(text: str) -> str:
    percents = re.sub(r"(?<=\d) (?=%)", "&nbsp;", text)
    return WHOLE.sub(r'<span class="whole">\g<0></span>', percents)


def _heading(heading: re.Match[str]) -> str:
    parts = re.split(r"(<[^>]*>)", heading[0])
    return "".join(part if part.startswith("<") else SLASH.sub("<wbr>/", part) for part in parts)


def _outside(part: re.Match[str]) -> str:
    if part[1] is None:
        return part[0]
    words = (BREAK.sub(r"\1<wbr>", word) if len(word) >= LONG else word for word in part[1].split(" "))
    return f"<code>{_whole_options(' '.join(words))}</code>"


def _cell(cell: re.Match[str]) -> str:
    codes = CODE.findall(cell[3])
    text = re.sub(r"<[^>]*>", "", CODE.sub("", cell[3]))
    kinds = [
        kind
        for kind, holds in (
            ("prose", len(text) >= PROSE),
            ("names", sum(map(len, codes)) >= NAMES),
            ("phrase", any(len(code) >= PHRASE and " " in code for code in codes)),
        )
        if holds and cell[1] == "td"
    ]
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    parts = re.split(r"(<code>.*?</code>)", cell[3], flags=re.DOTALL)
    content = "".join(
        CODE.sub(_breakable, PAIR.sub("&nbsp;/ ", part) if "<code>" not in part else part) for part in parts
    )
    if NAME.fullmatch(content) and len(content) <= SHORT:
        content = f'<span class="whole">{content}</span>'
    return f"<{cell[1]}{cell[2]}{kind}>{content}</{cell[1]}>"


def _breakable(code: re.Match[str]) -> str:
    text = code[1].replace(r"\|", "|")
    if "-" in text and " " not in text and len(text) <= SHORT:
        return f'<code class="whole">{text}</code>'
    broken = BREAK.sub(r"\1<wbr>", text)
    return f"<code>{_whole_options(broken)}</code>"


def _whole_options(code: str) -> str:
    return OPTION.sub(r'<span class="whole">\g<0></span>', code)
