"""A table of items beside events: items that it lacks, and rows of one item that contradict each other.

Shops export a product and its variants in rows of their own, by number, by SKU and by handle, and once more for each
language: which of these the events name has to be seen.
"""

from collections.abc import Mapping, Sequence

from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.report import Report


def tell_missing(events: Rows, items: Rows, column: str, file: str, held_by: Mapping[str, int], report: Report) -> None:
    """Say how many items of events the table has not, and which of its columns would have more.

    `items` have their ids of a `column` of `file`; `held_by` says how many items the first rows have by each column.
    """
    sold: Rows = events.filter(events.item_id.notnull()).select("item_id").distinct()
    total, held = count_rows(sold), count_rows(sold.semi_join(items, "item_id"))
    if held == total:
        return
    better = max(held_by, key=lambda name: (held_by[name], name), default=column)
    hint = ""
    if held_by.get(better, 0) > held_by.get(column, 0):
        hint = f": column {better!r} of it has {held_by[better]:,} of them in its first rows; call that one item_id"
    words = f"items of events that {file} does not have by its column {column!r}{hint}"
    (report.remark if hint or not held else report.note)(words, total - held)


def tell_contradictions(items: Rows, parts: Sequence[str], report: Report) -> None:
    """Note how many items have rows that say different values of a part, the greatest of which holds."""
    for part in parts:
        several: Rows = items.group_by("item_id").agg(different=items[part].nunique())
        several = several.filter(several.different > 1)
        if count := count_rows(several):
            example = several.item_id.min().to_pyarrow().as_py()
            words = f"items with several values of {part} in their table, such as {example!r}: the greatest holds"
            report.note(words, count)
