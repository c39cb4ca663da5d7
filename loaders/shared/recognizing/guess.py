"""Usual names of columns and words of events, for files of which nobody says what is what."""

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile

USUAL = {
    "user": (
        "userid", "user", "visitorid", "visitor", "customerid", "customer", "clientid", "memberid", "member", "uid",
        "userpseudoid", "buyerid", "buyer", "shopperid", "accountid", "anonymousid", "fullvisitorid", "customernumber",
        "reviewerid", "subscriberid", "userkey", "distinctid",
        "idcustomer", "iduser", "buyerusername", "profileid", "contactid", "playerid", "customeremail", "buyeremail",
        "useremail", "emailaddress", "email", "customeruniqueid", "householdkey", "householdid",
    ),
    "item": (
        "itemid", "item", "productid", "product", "sku", "articleid", "article", "movieid", "bookid", "book", "asin",
        "aid", "stockcode", "variantid", "productsku", "itemsku", "items", "products", "offerid", "goodsid",
        "parentasin", "productcode", "itemcode", "articlenumber", "videoid", "trackid", "songid", "newsid", "contentid",
        "postid", "listingid", "gameid", "courseid", "recipeid", "businessid", "isbn", "ean", "gtin",
        "idproduct", "iditem", "productnumber", "itemnumber", "product2id", "lineitemsku", "lineitemname", "tisku",
        "appid",
        "asinisbn", "productreference", "productviewsku",
    ),
    "event": (
        "eventtype", "event", "eventname", "action", "behavior", "behaviour", "behaviortype", "interaction",
        "feedbacktype", "actiontype", "interactiontype", "type",
    ),
    "time": (
        "timestamp", "eventtimestamp", "eventtime", "datetime", "time", "ts", "createdat", "occurredat", "purchasedat",
        "eventstart", "orderdate", "invoicedate", "eventdate", "date", "tdat", "day", "servertime", "eventdatetime",
        "transactiondate", "purchasedate", "purchasetime", "viewedat", "ratedat", "unixtime", "unixtimestamp",
        "unixreviewtime", "reviewtime", "originaltimestamp", "receivedat", "sentat", "at", "when",
        "timestamps", "times",
        "createtime", "creationdate", "creationtime",
        "datecreatedgmt", "createdatgmt",
        "createddate", "datecreated", "dateadded", "dateadd", "orderdatetime", "saledate", "paidat",
        "createdutc", "createdon", "placedat", "purchasedon", "orderedat", "orderedon",
        "starttime", "startedat", "starttimestamp", "hittime", "hittimestamp",
        "collectortstamp", "derivedtstamp", "orderpurchasetimestamp", "transactiondt", "transactiontime",
        "transactiontimestamp", "ordertime", "ordertimestamp", "checkouttime", "clicktime", "viewtime",
    ),
    "date": (
        "date", "day", "eventdate", "orderdate", "purchasedate", "invoicedate", "datecreated", "saledate",
        "createddate",
    ),
    "session": ("sessionid", "session", "usersession", "visitid", "gasessionid", "basketid", "orderid", "invoiceno",
                "cartid", "receiptid", "ordernumber", "invoicenumber", "invoiceid",
                "domainsessionid", "idorder", "amazonorderid", "incrementid", "saleid", "idcart", "idvisit"),
    "position": ("position", "pos"),
    "quantity": ("quantity", "qty", "lineitemquantity", "itemquantity", "orderquantity", "units",
                 "productquantity", "productqty", "unitquantity", "qtyordered", "quantityordered", "quantitypurchased",
                 "itemsquantity", "productsquantity", "lineitemsquantity"),
    "rating": ("rating", "stars", "score", "bookrating", "overall", "starrating", "overallrating", "reviewscore"),
    "title": ("title", "itemname", "productname", "itemtitle", "producttitle", "lineitemname"),
    "price": ("price", "unitprice", "itemprice", "productunitprice", "unitpricetaxincl", "lineitemprice", "soldfor",
              "pricevalue", "priceamount", "variantprice", "itemsprice", "productsprice", "lineitemsprice"),
    "brand": ("brand", "itembrand", "brandname"),
    "category": ("categoryid", "category", "itemcategory", "productcategory", "catid", "categorypath", "categoryname"),
}  # fmt: skip
"""Names that are usual for each part of an interaction, the likelier first; case and punctuation do not count."""
ORDERS = (
    "orderid",
    "ordernumber",
    "idorder",
    "amazonorderid",
    "incrementid",
    "saleid",
    "transactionid",
    "receiptid",
)
"""Names that are usual for an order, which is a session of purchases."""
REVIEWS = (
    "reviewtext",
    "reviewbody",
    "reviewcontent",
    "helpfulvote",
    "helpfulvotes",
    "verifiedpurchase",
    "verified",
    "helpful",
)
"""Names that are usual beside a review, whose title is not that of the item."""
_TELLING = {
    name
    for names in USUAL.values()
    for name in names
    if name.endswith(("id", "sku", "name", "type", "timestamp", "at"))
} - {"type"}
"""Names that say the same below another name."""
_AROUND = (
    "payload", "data", "source", "doc", "document", "record", "value", "after", "fields", "properties",
    "eventproperties", "attributes", "params", "body", "message", "node",
)  # fmt: skip
"""Names of objects that hold a whole event, and say nothing of it."""


def guess_columns(
    columns: Sequence[str], said: Mapping[str, str | None], more: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """The column of each part of an interaction: the one that was said, else one with a usual name, else none.

    `more` has further usual names.
    """
    plain = plain_names(columns)
    taken = {part: column for part, column in said.items() if column is not None}
    for part in (*USUAL, *(part for part in more or () if part not in USUAL)):
        names = (*USUAL.get(part, ()), *(more or {}).get(part, ()))
        # A column of days counts only beside one of clocks, which `moment` looks for.
        if part not in taken and part != "date":
            candidates = [plain[name] for name in names if name in plain and plain[name] not in taken.values()]
            # Beside the number of an order and a product, an item is a line of the order.
            if part == "item" and candidates[:1] == [plain.get("itemid")] and any(name in plain for name in ORDERS):
                candidates = [plain[name] for name in ("productid", "sku") if name in plain] or candidates
            if part == "title" and candidates[:1] == [plain.get("title")] and any(name in plain for name in REVIEWS):
                candidates = candidates[1:]
            if candidates:
                taken[part] = candidates[0]
    return taken


def are_orders(columns: Sequence[str], taken: Mapping[str, str]) -> bool:
    """Whether rows are lines of orders: the session is an order, with quantities, and nothing says what happened."""
    plain = plain_names(columns)
    of_order = taken.get("session") in [plain[name] for name in ORDERS if name in plain]
    return of_order and "quantity" in taken and "event" not in taken


def plain_names(columns: Sequence[str]) -> dict[str, str]:
    """Columns by their names without case and punctuation, and without the types of RecBole (`user_id:token`).

    A name that stands before a point in all of them, as `events.` in tables of Hive, is left out. Nested ones,
    `properties.product_id`, also count by what follows words such as `payload` and `properties`, by their last part
    where that is more than a word for anything, and by their last two; a short name that two columns have is none.
    `Price (EUR)` counts as a price.
    """
    heads = {column[: column.find(".") + 1] for column in columns}
    skipped = len(heads.pop()) if len(heads) == 1 else 0
    bare = {column: re.sub(r":(token|float)(_seq)?$", "", column[skipped:].lower()) for column in reversed(columns)}
    names = {_letters(name): column for column, name in bare.items()}
    inner: list[dict[str, list[str]]] = [{}, {}, {}]
    for column, name in bare.items():
        parts = [_letters(part) for part in name.split(".")]
        below = list(dropwhile(_AROUND.__contains__, parts[:-1]))
        short = ("".join(parts[-2:]), parts[-1] if parts[-1] in _TELLING else "", "".join([*below, parts[-1]]))
        for known, one in zip(inner, short, strict=True):
            known.setdefault(one, []).append(column)
    by_plain_name: dict[str, str] = {}
    for known in inner:
        by_plain_name |= {name: of[0] for name, of in known.items() if name and len(of) == 1}
    without_units = {_letters(re.sub(r"[(\[].*[)\]]", "", name)): column for column, name in bare.items()}
    return without_units | by_plain_name | names


def columns_named(names: Sequence[str], present: Sequence[str]) -> list[str]:
    """The columns with these names, in the order of the names; of columns that differ in case alone the first."""
    by_name = {column.lower(): column for column in reversed(present)}
    return [by_name[name.lower()] for name in names if name.lower() in by_name]


def letters_of(column: str) -> str:
    """The letters of a name, small: without digits and punctuation."""
    return re.sub("[^a-z]", "", column.lower())


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)
