"""Tables in which no column holds items or users, and columns of items that hold lists or objects instead of ids."""

import re
from collections.abc import Mapping, Sequence

from kartograph.loaders.shared.doubts.witness import Witness, unused_columns
from kartograph.loaders.shared.recognizing.guess import guess_columns
from kartograph.tables.errors import BadInput, OptionNeeded
from kartograph.tables.formats.delimited.aligned import REMEDY, looks_aligned
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader
from kartograph.tables.report import Report

_LISTS = 0.1
"""The share of lists from which a column counts as one of lists."""
_JSON_LIST = r"^\s*\[\s*(?:[\"'].*[\"']|[^\[\]]*,[^\[\]]*)\s*\]\s*$"
"""A list of texts, or of several values; `[bold]` is an id."""
_JSON_OBJECT = r"^\s*\{\s*[\"'][^\"']+[\"']\s*:.*\}\s*$"
_BETWEEN = r"[^\s,;|][,;|]\s?[^\s,;|]"
"""Two values in a column whose name says that it may hold lists."""
_OF_SEVERAL = re.compile(r"(?i)(items|products|skus|articles|ids|list|_seq)$")
"""What the name of a column ends with that may hold lists."""


def require_parts(reader: Reader, table: TableFile, columns: Mapping[str, str]) -> None:
    """Refuse a table in which there is no item, or nobody who does something with it."""
    shown = ", ".join(map(repr, table.layout.columns))
    if "item" in columns and ("user" in columns or "session" in columns):
        return
    if table.looks_like_data is not None:
        raise OptionNeeded(
            f"{table.shown} seems to have no header: its first line is {table.looks_like_data!r}. Name its columns in "
            "order with --columns, as user_id,item_id,event,timestamp; - skips one that is not needed."
        )
    if len(table.layout.columns) == 1 and table.layout.format == "csv":
        if looks_aligned(table.layout.columns[0]):
            raise BadInput(f"{table.shown} has the header {shown}, with blanks alone between its names. {REMEDY}.")
        raise OptionNeeded(
            f"{table.shown} seems to have one column alone, {shown}. Say with --delimiter what stands between two "
            "values."
        )
    texts = reader.peek(table, unused_columns([table], {}))
    for name in texts:
        values = texts[name].dropna().astype("string")
        if len(values) and values.str.contains(rf"{_JSON_OBJECT}|{_JSON_LIST}").mean() > _LISTS:
            raise BadInput(
                f"{table.shown} has no column of {'users' if 'item' in columns else 'items'}, but JSON in column "
                f"{name!r}, such as {values.iloc[0][:200]!r}. Export the events as JSON lines: there what lies within "
                "lists and objects is read, as columns of its own."
            )
    if "item" not in columns:
        raise OptionNeeded(
            f"No column of {table.shown} has a usual name for items; its columns are {shown}. Name it with --item."
        )
    raise OptionNeeded(
        f"No column of {table.shown} has a usual name for users or sessions; its columns are {shown}. "
        "Name one of them with --user or --session."
    )


def tell_later_parts(tables: Sequence[TableFile], columns: Mapping[str, str], report: Report) -> None:
    """Remark on columns of later tables that stand for a part for which the first one has none, and are not read."""
    first = tables[0].layout.columns
    known = {*columns, *(("time",) if {"date", "year"} & columns.keys() else ())}
    named: set[str] = set()
    for table in tables[1:]:
        guessed = guess_columns(table.layout.columns, {"item": columns["item"]})
        for part in ("user", "event", "time", "session", "quantity"):
            column = guessed.get(part)
            if column is None or part in known or column in first or column in named:
                continue
            named.add(column)
            report.remark(
                f"column {column!r} of {table.shown.name} says the {part}, and is not read, for {tables[0].shown.name} "
                f"has none: load the files apart, or add it there (--{part} names another)",
                1,
            )


def refuse_lists(reader: Reader, table: TableFile, column: str) -> None:
    """Refuse a column of items of whose first values some hold several."""
    texts = reader.peek(table, [column])[column].dropna()
    lists = texts.str.contains(_several(column))
    if len(texts) and lists.mean() > _LISTS:
        raise BadInput(
            f"In {table.shown} column {column!r} holds lists or objects, such as {texts[lists].iloc[0]!r}, and no ids. "
            "Write a row for each item, or JSON lines, in which lists and objects are read."
        )


def lists_told(column: str) -> Witness:
    """Values of a column of items that hold several, each of which counts as one item."""
    return Witness(
        column,
        lambda text: text.re_search(_several(column)),
        lambda example, count, rows: (
            f"column {column!r} holds a list or an object in one value, such as {example!r}, in {count:,} of {rows:,} "
            "rows: each counts as one item. Write a row for each"
        ),
    )


def _several(column: str) -> str:
    return "|".join((_JSON_LIST, _JSON_OBJECT, *([_BETWEEN] if _OF_SEVERAL.search(column) else [])))
