"""Prices and availability as shops write them, in the notations and words of several languages."""

from typing import Any

import ibis

from kartograph.tables.engine import Expression

_BLANKS = "[ '’´`\u00a0\u2009\u202f]"
"""What may stand before three digits of a number."""
_TOKEN = "[0-9]([0-9.,]*[0-9])?"
_SCIENTIFIC = r"^\s*[+-]?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]{1,3}\s*$"
_BELOW_ONE = r"^[^0-9A-Za-z]*[.,][0-9]{1,2}[^0-9]*$"
_NEGATIVE = r"^[^0-9]*[-−–]\s*[^0-9\s]{0,3}\s*[0-9]|^\s*\(.*\)\s*$|[0-9]\s*[-−–]\s*$"
YES = (
    "true", "yes", "y", "t", "instock", "available", "onstock", "on", "active", "enabled", "instoreonly", "onlineonly",
    "limitedavailability", "lowstock", "limited", "auflager", "lieferbar", "sofortlieferbar", "verfügbar", "vorrätig",
    "ja", "enstock", "disponible", "oui", "dispo", "sí", "si", "enexistencia", "sì", "disponibile", "inmagazzino",
    "sim", "disponível", "emestoque", "opvoorraad", "leverbaar", "beschikbaar", "ilager", "pålager", "tillgänglig",
    "tilgængelig", "tilgjengelig", "varastossa", "wmagazynie", "dostępny", "dostupny", "dostupné", "skladem", "tak",
    "ano", "вналичии", "естьвналичии", "да", "有货", "在庫あり", "stokta", "stoktavar", "raktáron", "înstoc",
)  # fmt: skip
NO = (
    "false", "no", "n", "f", "outofstock", "notavailable", "unavailable", "notinstock", "soldout", "discontinued",
    "off", "inactive", "disabled", "preorder", "presale", "backorder", "backordered", "none", "nichtauflager",
    "nichtlieferbar", "nichtverfügbar", "nichtvorrätig", "ausverkauft", "vergriffen", "nein", "rupturedestock",
    "enrupture", "enrupturedestock", "rupture", "épuisé", "indisponible", "nondisponible", "non", "agotado",
    "nodisponible",
    "sinexistencias", "sinstock", "esaurito", "nondisponibile", "não", "esgotado", "indisponível", "semestoque",
    "uitverkocht", "nietopvoorraad", "nietleverbaar", "nee", "slutsåld", "slutilager", "ejilager", "ikkepålager",
    "udsolgt", "utsolgt", "nej", "loppu", "niedostępny", "brak", "nie", "vyprodáno", "nedostupné", "nenískladem", "ne",
    "нетвналичии", "нет", "缺货", "在庫なし", "stoktayok", "tükendi", "elfogyott", "stocepuizat",
)  # fmt: skip


def amount_of(text: Expression, comma: bool = False) -> Expression:
    """The price in a text, null where it holds none, several, a share in per cent, or one below zero.

    `1.234` has a decimal point and `1,234` none: so most programs write them. A single `12,50` has a comma. Where the
    `comma` is known to stand before decimals, both mean the opposite.
    """
    joined = text
    for _ in range(3):  # 1 234 567 has its blanks one after the other
        joined = joined.re_replace(rf"([0-9]){_BLANKS}([0-9]{{3}}\b)", r"\1\2")
    digits = joined.re_extract(_TOKEN, 0)
    decimals, thousands = ("[0-9]+", "+") if comma else ("([0-9]{1,2}|[0-9]{4,})", "{2,}")
    with_comma = digits.re_search(rf"^([0-9]+|[0-9]{{1,3}}(\.[0-9]{{3}})+),{decimals}$")
    points = digits.re_search(rf"^[0-9]{{1,3}}(\.[0-9]{{3}}){thousands}$")
    grouped = digits.re_search(r"^[0-9]{1,3}(,[0-9]{2,3})+(\.[0-9]+)?$")
    plain: Any = ibis.cases(
        (text.re_search(_SCIENTIFIC), text.strip()),
        (text.re_search(_BELOW_ONE), text.re_replace("[^0-9.,]", "").replace(",", ".")),
        (with_comma, digits.replace(".", "").replace(",", ".")),
        (points, digits.replace(".", "")),
        (grouped, digits.replace(",", "")),
        else_=digits,
    )
    number = plain.try_cast("float64")
    alone = joined.re_replace(_TOKEN, "#").re_search("^[^#]*#[^#]*$") | text.re_search(_SCIENTIFIC)
    is_price = alone & ~text.re_search(_NEGATIVE) & ~text.contains("%") & (number >= 0) & (number < 1e300)
    return ibis.ifelse(is_price, number, ibis.null("float64"))


def flag_of(text: Expression) -> Expression:
    """Whether a text says yes or no, in words, as a term of schema.org, or as a number of pieces; else null."""
    word = text.lower().strip().re_replace(r"^https?://schema\.org/", "")
    number: Any = ibis.ifelse(
        word.re_search(r"^[+-]?[0-9]+([.,][0-9]+)?$"), word.replace(",", "."), ibis.null("string")
    )
    bare = word.re_replace(r"[^\p{L}]", "")
    return ibis.cases(
        (number.notnull(), number.try_cast("float64") > 0),
        (word.re_search("[0-9]"), ibis.null("boolean")),
        (bare.isin(YES), True),
        (bare.isin(NO), False),
    )
