"""Columns that are not read though they say that rows were undone: a status `cancelled`, a flag `is_refund`."""

import re
from collections.abc import Sequence

from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader

_STATUS = re.compile(r"(status|state)$")
_FLAG = re.compile(r"(is|was)?(cancell?ed|refund|refunded|return|returned|voided)$")
_UNDONE = r"(?i)\s*(?:order[ _-]?)?(?:cancell?ed|refunded|returned|voided)\s*"
_YES = r"(?i)\s*(?:1|true|yes|y|t)\s*"


def tell_undone(reader: Reader, table: TableFile, unused: Sequence[str]) -> None:
    """Remark on unused columns that say of some of the first rows that what they tell was taken back."""
    letters = {name: re.sub("[^a-z]", "", name.lower()) for name in unused}
    statuses = [name for name, bare in letters.items() if _STATUS.search(bare)]
    flags = [name for name, bare in letters.items() if _FLAG.fullmatch(bare)]
    if not statuses and not flags:
        return
    rows = reader.peek(table, [*statuses, *flags])
    for name in rows:
        texts = rows[name].dropna()
        undone = texts[texts.str.fullmatch(_UNDONE if name in statuses else _YES)]
        if undone.empty:
            continue
        words = (
            f"column {name!r} is not read, and says {undone.iloc[0].strip()!r} in {len(undone):,} of the first "
            f"{len(rows):,} rows, which count like the others: "
            + (
                f"--preset orders leaves them out, or --event {name!r} with --event-map"
                if name in statuses
                else f"take these rows out, or have {name!r} say return in a column of events"
            )
        )
        reader.report.remarks.append(words)
        reader.report.note(words, len(undone))
