"""Rows of variants in a table of items: what stands in one row of a product alone holds for its others.

Shopify repeats the handle of a product in a row for each variant and each picture, and leaves title, vendor and type of
all but the first empty; WooCommerce names the parent of a variation, feeds the group of an item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis

from kartograph.loaders.shared.recognizing.guess import plain_names
from kartograph.tables.engine import Expression, Rows, count_rows, store
from kartograph.tables.formats.fields import Field
from kartograph.tables.formats.plan import RowFault
from kartograph.tables.report import Report

INHERITED = ("title", "brand", "category")
"""Parts that a variant has of its product; each has a price and a stock of its own."""
_GROUPS = ("handle", "itemgroupid")
"""Names of columns that have one value in all rows of a product."""
_NUMBER = r"^id:\s*([0-9]+)$"
"""How WooCommerce names a parent that has no SKU."""
_FAMILY = "_family_"


@dataclass(frozen=True)
class Parent:
    """The product of a row as WooCommerce says it: its parent, by number or by SKU, else the row itself."""

    parent: str
    own: str
    """The column of the number, or of the SKU."""
    by_number: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return (self.parent, self.own)

    @property
    def needed(self) -> tuple[str, ...]:
        """Files may lack them."""
        return ()

    def text(self, rows: Rows) -> Expression:
        """The product's number or SKU in rows of the file."""
        parent = rows[self.parent]
        number = parent.strip().re_extract(_NUMBER, 1).nullif("")
        said = number if self.by_number else ibis.ifelse(number.isnull(), parent, ibis.null("string"))
        return ibis.ifelse(parent.isnull(), rows[self.own], said)


def family_fields(columns: Sequence[str], item: str) -> dict[str, Field]:
    """Fields that say to which product a row belongs, where columns other than that of the items show it."""
    plain = plain_names(columns)
    grouped = [plain[name] for name in _GROUPS if plain.get(name, item) != item]
    found = [Field(column, lambda text: text, optional=True) for column in grouped]
    if {"id", "type", "sku", "parent"} <= plain.keys():  # else a parent may be that of a category
        parents = [Parent(plain["parent"], plain[own], own == "id") for own in ("id", "sku")]
        found += [Field(one.parent, lambda text: text, optional=True, apart=one) for one in parents]
    return {f"{_FAMILY}{place}": one for place, one in enumerate(found)}


def nameless(families: Mapping[str, Field], item: str) -> list[RowFault]:
    """A row has to name its item, or its product: a further picture of a product has a row as well."""

    def without(rows: Rows) -> Expression:
        return ibis.and_(rows[item].isnull(), *(one.whole(rows).isnull() for one in families.values()))

    return [RowFault(without, item, f"no {item}")] if families else []


def inherited(rows: Rows, families: Mapping[str, Field], item: str, file: str, report: Report) -> Rows:
    """The rows of items without their families; an empty part is that of the product, where it has one value alone."""
    for name in families:
        for part in [part for part in INHERITED if part in rows.columns]:
            known: Rows = rows.filter(rows[name].notnull()).group_by(name)
            known = known.agg(value=rows[part].min(), values=rows[part].nunique())
            known = known.filter(known["values"] == 1).select(_of=known[name], _value=known.value)
            count = count_rows(
                rows.filter(rows[part].isnull() & rows.item_id.notnull()).semi_join(known, [(name, "_of")])
            )
            report.note(f"rows of {file} without a {part} that have the one of their product", count)
            rows = rows.left_join(known, rows[name] == known["_of"])
            rows = rows.mutate(**{part: ibis.coalesce(rows[part], rows["_value"])}).drop("_of", "_value")
    if not families:
        return rows
    rows = store("items", rows.drop(*families), rows.get_backend())
    report.note(
        f"rows of {file} without {item}, which say something of a product alone",
        count_rows(rows.filter(rows.item_id.isnull())),
    )
    return rows.filter(rows.item_id.notnull())
