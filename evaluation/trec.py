"""The TREC run format, which outside tools score: `case Q0 item rank score tag`, one line an item.

The format separates by white space, so white space, control characters and `%` in ids are written as `%` and the two
hexadecimal digits of each byte of their UTF-8, as in addresses: different ids stay different, and `read_run` gives them
back exactly.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote

import pandas as pd

from kartograph.evaluation.cases import Cases
from kartograph.models.data import NONE, Ids
from kartograph.models.scoring.ranking import TopK
from kartograph.tables.errors import BadInput

COLUMNS = ("case", "Q0", "item_id", "rank", "score", "tag")
_SEPARATING = re.compile(r"[\s%\x00-\x1f\x7f]")


def write_run(path: Path, tag: str, top: TopK, cases: Cases, items: Ids) -> None:
    """Write the lists of one model, named `tag`.

    Scores are written as k - rank + 1: tools sort by score, and equal scores would let them change the order.
    """
    item_ids = [_escaped(str(item)) for item in items.external]
    k, name = top.items.shape[1], _escaped(tag)
    with path.open("w", encoding="utf-8") as file:
        for case, rows in zip(cases.ids, top.items.tolist(), strict=True):
            asked = _escaped(case)
            for rank, row in enumerate(rows, start=1):
                if row != NONE:
                    file.write(f"{asked} Q0 {item_ids[row]} {rank} {k - rank + 1} {name}\n")


def read_run(path: Path) -> pd.DataFrame:
    """The rows of a run: `case`, `item_id`, `rank` and `tag`, ids as they were before they were written.

    Raises `BadInput` for a line that has not six parts.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        parts = line.split(" ")
        if len(parts) != len(COLUMNS):
            raise BadInput(f"{path}, line {number}: {len(parts)} parts. A run has six: {' '.join(COLUMNS)}.")
        rows.append(parts)
    run = pd.DataFrame(rows, columns=list(COLUMNS))[["case", "item_id", "rank", "tag"]].astype({"rank": "int64"})
    return run.assign(**{name: run[name].map(unquote) for name in ("case", "item_id", "tag")})


def _escaped(text: str) -> str:
    return _SEPARATING.sub(lambda match: quote(match[0], safe=""), text)
