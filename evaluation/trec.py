"""The TREC run format, which outside tools score: `case Q0 item rank score tag`, one line an item."""

from pathlib import Path

from kartograph.evaluation.cases import Cases
from kartograph.models.base import NONE, Ids, TopK


def write_run(path: Path, tag: str, top: TopK, cases: Cases, items: Ids) -> None:
    """Write the lists of one model, named `tag`.

    White space in ids becomes `_`, since the format separates by it. Scores are written as k - rank + 1: tools sort by
    score, and equal scores would let them change the order.
    """
    item_ids = [_word(str(item)) for item in items.external]
    k = top.items.shape[1]
    with path.open("w", encoding="utf-8") as file:
        for case, rows in zip(cases.ids, top.items.tolist(), strict=True):
            name = _word(case)
            for rank, row in enumerate(rows, start=1):
                if row != NONE:
                    file.write(f"{name} Q0 {item_ids[row]} {rank} {k - rank + 1} {tag}\n")


def _word(text: str) -> str:
    return "_".join(text.split()) or "_"
