"""What edge lists hold, and the rows of one file."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import Unpacked
from kartograph.tables.rejects import Reject

COLUMNS = ("item", "property", "value")
SEPARATORS = ("\t", ",", None)
"""Between the fields of a row; None for blanks."""
_LITERAL = re.compile(r'^"(.*)"(?:@[\w-]+|\^\^\S+)$')


@dataclass(frozen=True)
class Edges:
    """What edge lists hold."""

    rows: pd.DataFrame
    """`item, property, value`, each edge once."""
    files: tuple[Path, ...]
    rejected: tuple[Reject, ...]
    """Rows that are no edge."""
    numbered: bool = False
    """Whether values are numbers of things, which are compared by identity and not by distance."""
    remarks: tuple[str, ...] = ()
    """What was left out, a sentence each."""
    repeated: int = 0
    """Rows that say an edge again."""


def lines_of(file: Unpacked) -> pd.Series:
    """The lines of a file by their place from 0, without blank ones and those that begin with #."""
    try:
        lines = pd.Series(file.data.read_text("utf-8-sig").split("\n"), dtype=object).str.strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file.shown.name} cannot be read: {error}; give text in UTF-8") from error
    return lines[(lines != "") & ~lines.str.startswith("#")]


def edges_of(file: Unpacked, name: str | None = None) -> Edges:
    """The rows of one file: `item property value`, or `item value` of the property that `name` says.

    Rows of another number of fields, or with an empty one, are rejected.
    """
    columns = list(COLUMNS) if name is None else ["item", "value"]
    lines = lines_of(file)
    fields = _split(lines, len(columns))
    good = fields.map(len) == len(columns)
    rows = pd.DataFrame(fields[good].to_list(), columns=columns, dtype=object, index=lines[good].index)
    rows = rows.apply(bare)
    if name is not None:
        rows.insert(1, "property", name)
    elif len(rows) and tuple(rows.iloc[0].str.lower()) == COLUMNS:
        rows = rows.iloc[1:]
    whole = (rows != "").all(axis=1) if len(rows) else pd.Series([], dtype=bool)
    reasons = dict.fromkeys(lines[~good].index, f"not {len(columns)} fields")
    reasons |= dict.fromkeys(rows[~whole].index, "an empty field")
    bad = [Reject(file.shown, int(place) + 1, "", lines[place], reasons[place]) for place in sorted(reasons)]
    return Edges(rows[whole].reset_index(drop=True), (file.shown,), tuple(bad))


def bare(names: pd.Series) -> pd.Series:
    """Names without the brackets of IRIs, and literals without quotes, language and type."""
    text = names.str.strip()
    return text.str.replace(_LITERAL, r"\1", regex=True).str.strip('"<>')


def _split(lines: pd.Series, columns: int) -> pd.Series:
    """The fields of each line, parted by what gives most lines the wanted number; of equals tabs, then commas.

    A title may hold a comma where blanks part the fields, and a blank where tabs or commas do.
    """
    counts = {
        "\t": lines.str.count("\t") + 1,
        ",": lines.str.count(",") + 1,
        None: lines.str.split().map(len),
    }
    best = max(SEPARATORS, key=lambda separator: int((counts[separator] == columns).sum()))
    return lines.str.split(best)
