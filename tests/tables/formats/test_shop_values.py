"""Prices and availability are read in the notations and words of many shops."""

import pyarrow as pa
import pytest

from kartograph.tables.engine import Engine
from kartograph.tables.formats import fields

PRICES = {
    "1.234,50 €": 1234.5, "$1,234.50": 1234.5, "1 234,50": 1234.5, "1'234.50": 1234.5, "1’234.50 CHF": 1234.5,
    "1\u202f234,50 €": 1234.5, "1\xa0234,50 kr": 1234.5, "-5": None, "10-20": None, "10 - 20 €": None, "10–20": None,
    "USD 12.50": 12.5, "12.50USD": 12.5, "12,50 EUR": 12.5, "€12": 12, "12.-": 12, "12.–": 12, "CHF 12.—": 12,
    "12,- €": 12, "Rs. 1,234.50": 1234.5, "Rs.500": 500, "₹1,23,456.00": 123456, "12 Euro 50 Cent": None, "ab 5 €": 5,
    "from 5": 5, "5e3": 5000, "1.2e3": 1200, "0": 0, "": None, "free": None, "£1,234": 1234,
    "1.234.567,89": 1234567.89, "1,234,567": 1234567, "R$ 1.234,56": 1234.56, "kr. 99,00": 99, "99:-": 99,
    "¥1,200": 1200, "1200円": 1200, "12.5%": None, "+5.00": 5, "(5.00)": None, "5.00-": None, "12.50 / kg": 12.5,
    "2 x 5.00": None, "1.234": 1.234, "12.345,6": 12345.6, "€1.234,5": 1234.5, "nan": None, "inf": None,
    "$1,234.5": 1234.5, ".99": 0.99, ",99": 0.99, "0,5": 0.5, "1,2345": 1.2345, "12 345.67": 12345.67,
    "12 345": 12345, "price 5": 5, "5,00 €/Stück": 5, "EUR5,00": 5, "zł 1 234,00": 1234, "1 234,00 zł": 1234,
    "Kč 1 234": 1234, "1.234 Kč": 1.234, "12.50 EUR inkl. MwSt.": 12.5, "2,50 € (1,25 €/l)": None,
    "10.00 20.00": None,
}  # fmt: skip
FLAGS = {
    "in stock": True, "In Stock": True, "out of stock": False, "instock": True, "outofstock": False,
    "available": True, "not available": False, "unavailable": False, "sold out": False, "soldout": False,
    "discontinued": False, "auf Lager": True, "nicht auf Lager": False, "lieferbar": True, "nicht lieferbar": False,
    "verfügbar": True, "nicht verfügbar": False, "ausverkauft": False, "en stock": True, "rupture de stock": False,
    "épuisé": False, "disponible": True, "no disponible": False, "non disponible": False, "agotado": False,
    "disponibile": True, "non disponibile": False, "esaurito": False, "op voorraad": True, "niet op voorraad": False,
    "uitverkocht": False, "ja": True, "nein": False, "oui": True, "non": False, "sí": True, "si": True, "sim": True,
    "não": False, "on": True, "off": False, "active": True, "inactive": False, "enabled": True, "disabled": False,
    "preorder": False, "backorder": False, "limited availability": True, "https://schema.org/InStock": True,
    "http://schema.org/OutOfStock": False, "InStock": True, "1": True, "0": False, "5": True, "0.0": False,
    "1.0": True, "12": True, "-1": False, "w magazynie": True, "niedostępny": False, "dostępny": True,
    "i lager": True, "slutsåld": False, "på lager": True, "skladem": True, "available for order": None, "maybe": None,
    "": None, "x": None, "published": None, "TRUE": True, "False": False,
}  # fmt: skip


@pytest.mark.parametrize(("made", "right"), [(fields.amount, PRICES), (fields.flag, FLAGS)], ids=["prices", "flags"])
def test_what_shops_write_is_read(made, right, tmp_path):
    with Engine() as engine:
        engine.backend.con.register("said", pa.table({"text": list(right)}))
        table = engine.backend.table("said")
        result = table.mutate(value=made("text").read(table.text)).to_pyarrow().to_pylist()
    assert {row["text"]: row["value"] for row in result} == right
