"""What is told by a test: events, items and categories as a source."""

import ibis

from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, Source

MINUTE = 60_000
PROPERTIES = ibis.schema(
    {
        "item_id": "string",
        "price": "float64",
        "price_at": "int64",
        "title": "string",
        "brand": "string",
        "available": "boolean",
    }
)
WITH_QUANTITY = ibis.schema({**INTERACTIONS, "quantity": "float64"})


def source_of(engine, events, items=(), periods=(), tree=()):
    """A source of events (user, item, event, minute, session, position) and perhaps a quantity."""
    rows = [
        (user, item, event, None if minute is None else minute * MINUTE, session, position, *(quantity or (None,)))
        for user, item, event, minute, session, position, *quantity in events
    ]
    return Source(
        name="test",
        interactions=engine.store("interactions", ibis.memtable(rows, schema=WITH_QUANTITY)),
        items=engine.store("items", ibis.memtable(list(items), schema=PROPERTIES)),
        item_categories=engine.store("periods", ibis.memtable(list(periods), schema=ITEM_CATEGORIES)),
        category_tree=engine.store("tree", ibis.memtable(list(tree), schema=CATEGORY_TREE)),
        categories=engine.store("codes", ibis.memtable([], schema=CATEGORIES)),
    )


def view(user, item, minute, session=None):
    return (user, item, "view", minute, session, None)
