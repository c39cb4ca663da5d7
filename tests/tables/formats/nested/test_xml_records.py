"""XML with records becomes rows."""

import pytest

from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.interactions import read as load
from kartograph.tables.errors import BadInput
from kartograph.tables.formats import fields

MERCHANT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item>
  <g:id>A</g:id><g:title>Lamp &amp; <![CDATA[<shade>]]></g:title><g:price>15.00 USD</g:price><g:brand>Lux</g:brand>
  <g:availability>in_stock</g:availability><g:gtin>4006381333931</g:gtin><g:item_group_id>G</g:item_group_id>
  <g:product_type>Home &gt; Lamps</g:product_type><g:product_type>Sale</g:product_type>
  <g:shipping><g:country>US</g:country></g:shipping><g:shipping><g:country>DE</g:country></g:shipping>
</item>
<item><g:id>B</g:id><g:title>Rug</g:title><g:price>9,50 EUR</g:price><g:availability>out of stock</g:availability>
</item>
</channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>
<entry><g:id>A</g:id><title>Lamp</title><link href="https://example.org"/></entry></feed>"""
YML = """<?xml version="1.0" encoding="windows-1251"?><yml_catalog><shop>
<categories><category id="1">Lamps</category><category id="2">Rugs</category></categories><offers>
<offer id="A" available="true"><title>Лампа</title></offer><offer id="B" available="false"><title>Rug</title></offer>
</offers></shop></yml_catalog>"""
ORDERS = """<?xml version="1.0"?><orders>
<order><customer_id>u</customer_id><order_id>1</order_id><items>
  <item><product_id>A</product_id><quantity>2</quantity></item><item><product_id>B</product_id><quantity>1</quantity></item>
</items></order>
<order><customer_id>v</customer_id><order_id>2</order_id><items>
  <item><product_id>A</product_id><quantity>1</quantity></item></items></order></orders>
"""


def of(tmp_path, text, **options):
    (tmp_path / "file.xml").write_text(text)
    return load(tmp_path / "file.xml", InteractionOptions(rejects=tmp_path / "rejects.csv", **options))


def test_a_feed_of_google_merchant_tells_of_the_items(tmp_path):
    (tmp_path / "feed.xml").write_text(MERCHANT)
    (tmp_path / "views.csv").write_text("user_id,item_id\nu,A\nu,B\n")
    options = InteractionOptions(rejects=tmp_path / "rejects.csv", items=str(tmp_path / "feed.xml"))
    source = load(tmp_path / "views.csv", options)
    items = source.items.order_by("item_id").to_pyarrow().to_pylist()
    assert [(one["item_id"], one["title"], one["price"], one["brand"], one["available"]) for one in items] == [
        ("A", "Lamp & <shade>", 15.0, "Lux", True), ("B", "Rug", 9.5, None, False),
    ]  # fmt: skip
    assert source.item_categories.to_pyarrow()["category_id"].to_pylist() == ["Home > Lamps"]
    left_out = [words.rpartition(": ")[2] for words in source.report.notes if words.startswith("left out")]
    assert left_out == [
        "1 further values of 'product_type' in one record",
        "1 further values of 'shipping' in one record",
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "rows", "left_out"),
    [
        (ATOM, "utf-8", [("A", "Lamp")], []),
        (YML, "cp1251", [("A", "Лампа"), ("B", "Rug")], ["the elements 'category' beside the records"]),
    ],
)
def test_feeds_have_records_of_several_names_and_encodings(read, text, encoding, rows, left_out):
    result, bad, notes = read(text.encode(encoding), "feed.xml")
    assert (result, bad, [words.rpartition(": ")[2] for words in notes]) == (rows, [], left_out)


def test_a_reject_names_the_line_where_its_record_begins(read):
    text = "<?xml version='1.0'?>\n<r>\n<row><id>1</id><title>a</title></row>\n\n<row>\n<title>b</title></row>\n</r>"
    wanted = {"id": fields.identifier("id"), "title": fields.text("title")}
    assert read(text.encode(), "rows.xml", wanted)[:2] == ([("1", "a")], [("rows.xml", 5, "no id")])


def test_lines_of_an_order_are_rows_of_one_session(tmp_path):
    rows = of(tmp_path, ORDERS, preset="orders").interactions.order_by("user_id", "item_id").to_pyarrow().to_pylist()
    assert [(row["user_id"], row["session_id"], row["item_id"], row["quantity"]) for row in rows] == [
        ("u", "1", "A", 2), ("u", "1", "B", None), ("v", "2", "A", None),
    ]  # fmt: skip


def test_lines_without_a_list_around_them_are_rows_too(tmp_path):
    text = (
        "<orders><order id='1' customer='u' date='2024-03-01'><line sku='A' qty='2'/><line sku='B' qty='1'/></order>"
        "<order id='2' customer='v' date='2024-03-02'><line sku='A' qty='1'/></order></orders>"
    )
    rows = of(tmp_path, text).interactions.order_by("user_id", "item_id").to_pyarrow().to_pylist()
    assert [(row["user_id"], row["item_id"], row["quantity"]) for row in rows] == [
        ("u", "A", 2), ("u", "B", None), ("v", "A", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///x'>]><a>&x;</a>", "declares the entity 'x'"),
        (MERCHANT[:300], r"no well-formed XML: .*line \d+"),
        ("<?xml version='1.0'?><a>text</a>", "XML without records"),
        ("<?xml version='1.0'?>" + "<a>" * 200, "deeper than 100"),
        ("<?xml version='1.0'?><r:RDF xmlns:r='urn:r'></r:RDF>", "`kartograph load ontology` reads it"),
        (
            ATOM.replace("<feed", "<?xml version='1.0' encoding='klingon'?><feed"),
            "unknown encoding",
        ),
    ],
)
def test_xml_that_is_no_list_of_records_or_asks_for_too_much_is_refused(tmp_path, text, words):
    with pytest.raises(BadInput, match=words):
        of(tmp_path, text)
