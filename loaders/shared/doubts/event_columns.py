"""Columns that are not read though they hold words for events: `Metric` with `Placed Order` and `Viewed Product`."""

from collections.abc import Sequence

from kartograph.loaders.shared.doubts.undone import STATUS
from kartograph.loaders.shared.event_words import IGNORE, USUAL, plain
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader

_MOST = 0.5
"""The share of values that have to be words for events."""


MOST_COLUMNS = 60
"""Columns that are looked at: a table may have thousands, and each takes a query of its own length."""


def tell_event_columns(reader: Reader, table: TableFile, unused: Sequence[str]) -> None:
    """Remark on unused columns in whose first rows most values are words for events, and some say more than a view."""
    names = [name for name in unused if not STATUS.search(name.lower())]  # `undone` tells of these
    if not names:
        return
    names = names[:MOST_COLUMNS]
    texts = reader.peek(table, names)
    for name in names:
        values = texts[name].dropna().astype("object")
        kinds = values.map(lambda word: USUAL.get(plain(word)))
        telling = values[kinds.notna() & ~kinds.isin(["view", IGNORE])]
        if len(telling) and kinds.notna().mean() > _MOST:
            words = f"column {name!r} is not read, and holds words for events such as {telling.iloc[0]!r}"
            reader.report.remark(f"{words}: --event {name!r} reads them", 1)
