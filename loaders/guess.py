"""Usual names of columns and words of events, for files of which nobody says what is what."""

import re
from collections.abc import Mapping, Sequence

USUAL = {
    "user": (
        "userid", "user", "visitorid", "visitor", "customerid", "customer", "clientid", "memberid", "member", "uid",
    ),
    "item": (
        "itemid", "item", "productid", "product", "sku", "articleid", "article", "movieid", "bookid", "book", "asin",
    ),
    "event": ("eventtype", "event", "action", "behavior", "behaviour", "behaviortype", "interaction", "type"),
    "time": ("timestamp", "eventtime", "time", "datetime", "date", "ts", "createdat", "eventstart", "tdat"),
    "date": ("date", "day", "eventdate", "orderdate", "purchasedate", "invoicedate"),
    "session": ("sessionid", "session", "usersession", "visitid"),
    "position": ("position", "pos"),
}  # fmt: skip
"""Names that are usual for each part of an interaction, the likelier first; case and punctuation do not count."""

EVENT_WORDS = {
    "view": "view", "viewed": "view", "click": "view", "clicked": "view", "pageview": "view", "pv": "view",
    "cart": "cart", "addtocart": "cart", "add_to_cart": "cart", "add-to-cart": "cart", "basket": "cart",
    "buy": "buy", "bought": "buy", "purchase": "buy", "transaction": "buy", "order": "buy",
    "borrow": "borrow", "borrowed": "borrow", "loan": "borrow",
}  # fmt: skip
"""Words that are usual for the kinds of event."""


def guess_columns(columns: Sequence[str], said: Mapping[str, str | None]) -> dict[str, str]:
    """The column of each part of an interaction: the one that was said, else one with a usual name, else none."""
    plain = {re.sub(r"[^a-z0-9]", "", column.lower()): column for column in reversed(columns)}
    taken = {part: column for part, column in said.items() if column is not None}
    for part, names in USUAL.items():
        # A column of days counts only beside one of clocks, which `interactions` looks for.
        if part not in taken and part != "date":
            found = [plain[name] for name in names if name in plain and plain[name] not in taken.values()]
            if found:
                taken[part] = found[0]
    return taken


def guess_date(columns: Sequence[str], taken: Mapping[str, str]) -> str | None:
    """The column of days that stands beside a column of clocks, if there is one with a usual name."""
    plain = {re.sub(r"[^a-z0-9]", "", column.lower()): column for column in reversed(columns)}
    return next((plain[name] for name in USUAL["date"] if name in plain and plain[name] not in taken.values()), None)
