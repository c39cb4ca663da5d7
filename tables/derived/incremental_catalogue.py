"""What changes in a graph's catalogue when a source comes on top: items, their categories, the category tree."""

from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir

from kartograph.tables.contents.categories import Tree, category_history, category_tree
from kartograph.tables.engine import Expression, Rows, store
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, ITEM_CATEGORIES, Source


@dataclass(frozen=True)
class KnownCatalogue:
    """What a graph has of the items that a source names, and all of its categories."""

    items: ir.Table
    """With the columns of the source's items."""
    item_categories: ir.Table
    """ITEM_CATEGORIES of these items."""
    categories: ir.Table
    """All of CATEGORIES, but those that were derived."""
    category_tree: ir.Table
    """All edges of CATEGORY_TREE, without rows for roots."""


@dataclass(frozen=True)
class CatalogueChanges:
    """What has to be written of the catalogue."""

    items_added: ir.Table
    items_changed: ir.Table
    item_categories: ir.Table
    """All periods of the items that have others than before."""
    observations: ir.Table
    """The periods in which items were seen at other times than before, of items whose periods are as they were."""
    history: ir.Table
    """The periods of all items that the source names, as they shall be."""
    categories_changed: ir.Table
    """Categories that are new, or whose code or level changed."""
    edges_added: ir.Table
    """`category_id, parent_id`."""
    edges_removed: ir.Table


def catalogue_items(source: Source) -> ir.Table:
    """Every `item_id` that a source names: in events, with properties, with a category."""
    named = (source.interactions, source.items, source.item_categories)
    ids = [table.select(item_id=table.item_id.cast("string")) for table in named]
    return store("catalogue_items", ibis.union(*ids, distinct=True), source.interactions.get_backend())


def catalogue_changes(source: Source, items: ir.Table, known: KnownCatalogue) -> CatalogueChanges:
    """Find what has to be written so that the graph knows the source's catalogue too; `items` are all that it names.

    Of two values of a property the later holds where both have a time (`<property>_at`), else the source's. A category
    that the source gives parents has these and no others; one that it does not name keeps its own.
    """
    keep = partial(store, backend=source.interactions.get_backend())
    after = keep("after_items", _items(items, source.items, known.items))
    both = after.join(known.items, "item_id", rname="{name}_before")
    values = [name for name in after.columns if name != "item_id"]
    differs = ibis.or_(*[~both[name].identical_to(both[f"{name}_before"]) for name in values])
    history = keep("after_history", _history(source.item_categories, known.item_categories, keep))
    stated, had = _told(history), _told(known.item_categories)
    columns = ["item_id", "told"]
    moved = keep("moved", ibis.union(stated.anti_join(had, columns), had.anti_join(stated, columns)).select("item_id"))
    seen = stated.anti_join(had, [*columns, "seen_at"]).anti_join(moved, "item_id")
    tree = _tree(source, known, history)
    joined = tree.categories.left_join(known.categories.mutate(was="category_id"), "category_id", rname="{name}_before")
    new = joined.was.isnull() | ~(
        joined.code.identical_to(joined.code_before) & joined.level.identical_to(joined.level_before)
    )
    ends = ["category_id", "parent_id"]
    return CatalogueChanges(
        items_added=keep("items_added", after.anti_join(known.items, "item_id")),
        items_changed=keep("items_changed", both.filter(differs).select(*after.columns)),
        item_categories=keep("changed_history", history.semi_join(moved, "item_id")),
        observations=keep("observations", seen.select(*ITEM_CATEGORIES)),
        history=history,
        categories_changed=keep("categories_changed", joined.filter(new).select(*CATEGORIES)),
        edges_added=keep("edges_added", tree.edges.anti_join(known.category_tree, ends)),
        edges_removed=keep("edges_removed", known.category_tree.anti_join(tree.edges, ends)),
    )


def _items(items: Rows, new: Rows, known: Rows) -> Rows:
    """Every item with the value that holds of each property."""
    joined = items.left_join(new.rename(new_id="item_id"), items.item_id == new.item_id)
    joined = joined.left_join(known, "item_id", rname="{name}_before")
    values: dict[str, Expression] = {}
    for name in new.columns:
        if name == "item_id" or (name.endswith("_at") and name.removesuffix("_at") in new.columns):
            continue
        value, before = joined[name], joined[f"{name}_before"]
        at = f"{name}_at"
        if at not in new.columns:
            values[name] = value.fill_null(before)
            continue
        time, time_before = joined[at], joined[f"{at}_before"]
        later = (time > time_before) | ((time == time_before) & (value > before))
        holds = value.notnull() & (before.isnull() | time_before.isnull() | later.fill_null(False))
        values |= {name: ibis.ifelse(holds, value, before), at: ibis.ifelse(holds, time, time_before)}
    return joined.select("item_id", **values).select(*new.columns)


def _history(new: Rows, known: Rows, keep: "partial[ir.Table]") -> Rows:
    """The periods that follow from all observations; without any those of the source, else those of the graph."""
    observed = keep("observed", ibis.union(_observations(known), _observations(new)))
    timed = keep("timed_history", category_history(observed, Report()))
    without = new.anti_join(timed, "item_id")
    rest = known.anti_join(timed, "item_id").anti_join(without, "item_id")
    return ibis.union(*(part.select(*ITEM_CATEGORIES).cast(dict(_nullable())) for part in (timed, without, rest)))


def _nullable() -> list[tuple[str, str]]:
    return [(name, str(kind).removeprefix("!")) for name, kind in ITEM_CATEGORIES.items()]


def _observations(periods: Rows) -> Rows:
    return periods.select(
        item_id=periods.item_id.cast("string"),
        category_id=periods.category_id.cast("string"),
        timestamp=periods.seen.unnest(),
    )


def _told(periods: Rows) -> Rows:
    """With texts by which two can be compared, nulls included: `told` of each period, `seen_at` of its times."""
    words = [periods[name].cast("string").fill_null("-") for name in ("category_id", "since", "until")]
    return periods.mutate(
        told=ibis.literal("|").join(words),  # pyright: ignore[reportAttributeAccessIssue]
        seen_at=periods.seen.cast("array<string>").join(",").fill_null(""),
    )


def _tree(source: Source, known: KnownCatalogue, history: Rows) -> Tree:
    """The tree that the source's rows and the graph's make together."""
    parents = source.category_tree.select(*CATEGORY_TREE).filter(source.category_tree.parent_id.notnull())
    stay = known.category_tree.select(*CATEGORY_TREE).anti_join(parents, "category_id")
    roots = ibis.union(
        source.category_tree.select(category_id=source.category_tree.category_id.cast("string")),
        known.categories.select(category_id=known.categories.category_id.cast("string")),
        distinct=True,
    ).mutate(parent_id=ibis.null("string"))
    edges = [
        table.select(category_id=table.category_id.cast("string"), parent_id="parent_id") for table in (parents, stay)
    ]
    new_codes = source.categories.filter(source.categories.code.notnull()).select("category_id", "code")
    old_codes = known.categories.select("category_id", "code").anti_join(new_codes, "category_id")
    codes = [
        table.select(category_id=table.category_id.cast("string"), code="code") for table in (new_codes, old_codes)
    ]
    used = history.select("category_id")
    return category_tree(ibis.union(*edges, roots), ibis.union(*codes), used, source.report)
