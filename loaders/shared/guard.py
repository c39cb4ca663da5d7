"""Refuses a source that is empty, or much smaller than the last time, before it destroys anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from kartograph.graph.ledger import active_folder, held_of, read_ledger
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.describe import distinct_events
from kartograph.tables.engine import count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.frame_names import frame_of
from kartograph.tables.report import counted
from kartograph.tables.schema import Source

LEAST_SHARE = 0.5
"""Of what the shop holds of a source: a bulk load of it that brings less of anything is refused."""


@dataclass(frozen=True)
class Allowed:
    """What a person says that a bulk load may do."""

    empty: bool = False
    """Leave a shop without events."""
    shrink: bool = False
    """Leave less than half of what the shop holds of the source."""


NO_LOSS = Allowed()


def held_by(source: Source) -> dict[str, int]:
    """What a source brings, in words: events (repeats once) and what it says of items."""
    return {
        "events": distinct_events(source),
        "items with properties": count_rows(source.items),
        "items with a category": int(source.item_categories.item_id.nunique().to_pyarrow().as_py()),
        "categories in the tree": int(source.category_tree.category_id.nunique().to_pyarrow().as_py()),
    }


def refuse_loss(source: Source, held: Mapping[str, int], home: ShopDirectory, allowed: Allowed) -> None:
    """Raise `BadInput` where a bulk load of a source that brings `held` would leave too little of the shop."""
    refuse_nothing(source, held, home.shop, allowed)
    former = held_of(home, source.name)
    if former is None or allowed.shrink:
        return
    less = [
        f"{held.get(what, 0):,} instead of {count:,} {what}"
        for what, count in former.held.items()
        if held.get(what, 0) < LEAST_SHARE * count
    ]
    if less:
        raise BadInput(
            f'Loading {source.name} would leave the shop "{home.shop}" with {", ".join(less)}: less than half of what '
            f"it has from {former}. The shop is as it was. Look whether all rows are in {_files(source)}; if so many "
            "are to go, say it with --allow-shrink (allow_shrink=True in Python)."
        )


def tell_replaced(source: Source, home: ShopDirectory) -> None:
    """Remark on what a shop holds of other sources: a bulk load takes the place of all of it."""
    others = [str(one) for one in read_ledger(active_folder(home)) if one.source != source.name]
    words = (
        f"this load replaces {' and '.join(others)}: a bulk load stands alone, --live loads on top of what is there; "
        "`kartograph undo-load` brings back what was replaced"
    )
    source.report.remark(words, len(others))


def refuse_nothing(source: Source, held: Mapping[str, int], shop: str, allowed: Allowed) -> None:
    """Raise `BadInput` where a source without events would leave a shop without any."""
    if held["events"] or allowed.empty:
        return
    raise BadInput(
        f'There is no event in {_files(source)}: loading {source.name} would leave the shop "{shop}" empty. The shop '
        "is as it was. Look whether the export is whole; if the shop is to be empty, say it with --allow-empty "
        "(allow_empty=True in Python)."
    )


def _files(source: Source) -> str:
    files = source.report.files
    more = f" and {counted(len(files) - 1, 'more file')}" if len(files) > 1 else ""
    return f"{frame_of(files[0]) or files[0]}{more}" if files else "the source"
