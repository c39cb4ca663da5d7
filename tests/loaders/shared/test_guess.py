"""Columns are guessed by their names, those of exports of known shops among them."""

import pytest

from kartograph.loaders.shared.recognizing.guess import guess_columns

EXPORTS = {
    "magento": (
        "increment_id=session,created_at=time,customer_email=user,sku=item,name,qty_ordered=quantity,price=price,status"
    ),
    "prestashop": (
        "id_order=session,reference,id_customer=user,product_id=item,product_name=title,"
        "product_quantity=quantity,unit_price_tax_incl=price,date_add=time"
    ),
    "prestashop2": ("id_customer=user,id_product=item,date_add=time"),
    "bigcommerce": (
        "Order ID=session,Customer ID=user,Order Date=time,Product SKU=item,Product Name=title,"
        "Product Quantity=quantity,Product Unit Price=price"
    ),
    "amazon": (
        "amazon-order-id=session,purchase-date=time,order-status,sku=item,asin,buyer-email=user,"
        "quantity=quantity,item-price=price,product-name=title"
    ),
    "ebay": (
        "Sales Record Number,Order Number=session,Buyer Username=user,Item Number=item,Item Title=title,"
        "Quantity=quantity,Sold For=price,Sale Date=time"
    ),
    "etsy": (
        "Sale Date=time,Item Name=title,Buyer=user,Quantity=quantity,Price=price,Listing ID=item,Order ID=session"
    ),
    "square": ("Date,Time=time,Category=category,Item=item,Qty=quantity,Transaction ID,Customer ID=user"),
    "lightspeed": ("saleID=session,customerID=user,itemID=item,unitQuantity=quantity,unitPrice=price,createTime=time"),
    "shopware": (
        "orderNumber=session,customerNumber=user,productNumber=item,quantity=quantity,unitPrice=price,"
        "orderDateTime=time"
    ),
    "salesforce": ("OrderId=session,AccountId=user,Product2Id=item,Quantity=quantity,UnitPrice=price,CreatedDate=time"),
    "squarespace": (
        "Order ID=session,Email=user,Paid at=time,Lineitem quantity=quantity,Lineitem name=title,"
        "Lineitem price=price,Lineitem sku=item"
    ),
    "opencart": (
        "order_id=session,customer_id=user,product_id=item,name,quantity=quantity,price=price,date_added=time"
    ),
    "tmall": ("user_id=user,item_id=item,cat_id=category,seller_id,time_stamp=time,action_type=event"),
}
"""Columns in their order, each with the part of an interaction that it is."""


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_the_columns_of_a_shops_export_are_known(export):
    parts = dict(column.partition("=")[::2] for column in export.split(","))
    assert guess_columns(tuple(parts), {}) == {part: column for column, part in parts.items() if part}


def test_usual_names_are_guessed_and_what_is_said_goes_first():
    columns = ("VisitorId", "product-id", "Event_Type", "created at", "when")
    assert guess_columns(columns, {}) == {
        "user": "VisitorId",
        "item": "product-id",
        "event": "Event_Type",
        "time": "created at",
    }
    assert guess_columns(columns, {"time": "when"})["time"] == "when"
    assert "user" not in guess_columns(("user", "item"), {"item": "user"})


def test_nested_columns_are_guessed_by_what_they_say_and_not_by_what_holds_them():
    assert guess_columns(("payload.user_id", "payload.item", "payload.ts", "source"), {}) == {
        "user": "payload.user_id", "item": "payload.item", "time": "payload.ts",
    }  # fmt: skip
    assert guess_columns(("node.customer.id", "node.line.sku"), {}) == {
        "user": "node.customer.id", "item": "node.line.sku",
    }  # fmt: skip
    assert guess_columns(("events.user", "events.item", "events.ts"), {}) == {
        "user": "events.user", "item": "events.item", "time": "events.ts",
    }  # fmt: skip
    assert "time" not in guess_columns(("user_id", "profile.day"), {})
    assert "item" not in guess_columns(("seen.product_id", "bought.product_id"), {})


def test_units_in_brackets_do_not_count_and_the_title_of_a_review_is_none_of_an_item():
    assert guess_columns(["User ID", "Item", "Timestamp (ms)", "Price [EUR]"], {}) == {
        "user": "User ID",
        "item": "Item",
        "time": "Timestamp (ms)",
        "price": "Price [EUR]",
    }
    assert "title" in guess_columns(["user", "item", "title"], {})
    assert "title" not in guess_columns(["user", "item", "title", "verified_purchase"], {})
    assert guess_columns(["user", "item", "title", "product_title", "helpful"], {})["title"] == "product_title"


def test_of_a_day_in_two_zones_that_in_utc_is_the_time():
    assert guess_columns(["user", "item", "date_created", "date_created_gmt"], {})["time"] == "date_created_gmt"
