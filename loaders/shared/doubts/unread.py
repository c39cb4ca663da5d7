"""Columns that are not read though they say what a row stands for: `clicked` of 0 and 1, totals, ratings."""

import re
from collections.abc import Sequence

from kartograph.loaders.shared.doubts.witness import Witness
from kartograph.loaders.shared.recognizing.guess import guess_columns, letters_of

_BOUGHT = r"buy|bought|purchased?|ordered|order|converted|conversion|sold|transaction"
_INDICATOR = re.compile(
    rf"(?:is|was|has|did|event)?(?:(?P<buy>{_BOUGHT})|click|clicks|clicked|label|target|viewed|view|seen|read|liked?|"
    r"watched|played|interaction|interacted|response|outcome|addedtocart|addtocart|cart|carted)(?:flag)?"
)
_TOTALS = re.compile(
    r"(?:num(?:ber)?(?:of)?|total|n)?(?:(?:play|listen|view|click|visit|purchase|order|event|interaction)s|hits|times|"
    r"(?:play|listen|view|click|visit|purchase|order|event|interaction|hit)?(?:counts?|cnt|frequency|freq))"
)
"""Names of columns that say how often something was done."""
_WHOLE, _SEVERAL = r"^\s*[0-9]+(?:\.0+)?\s*$", r"^\s*(?:[2-9]|[1-9][0-9]+)(?:\.0+)?\s*$"
_YES_OR_NO = r"(?i)^\s*(?:[01](?:\.0+)?|true|false|yes|no)\s*$"
_NO = r"(?i)^\s*(?:0(?:\.0+)?|false|no)\s*$"
_YES_OF = {"false": "true", "no": "yes", "0": "1"}


def unread(unused: Sequence[str]) -> list[Witness]:
    """What is seen in unused columns of a table whose rows all count, which say that some count less."""
    named = {name: _INDICATOR.fullmatch(letters_of(name)) for name in unused}
    witnesses = [_indicator(name, bool(match["buy"])) for name, match in named.items() if match]
    ratings = [name for part, name in guess_columns(unused, {}).items() if part == "rating"]
    totals = [name for name in unused if _TOTALS.fullmatch(letters_of(name))]
    return [*witnesses, *map(_total, totals), *map(_rating, ratings)]


def _indicator(column: str, is_buy: bool) -> Witness:
    kind = "buy" if is_buy else "view"

    def words(none: str, count: int, rows: int) -> str:
        word, point, zeros = none.partition(".")
        one = _YES_OF[word.lower()] + point + zeros
        return (
            f"column {column!r} is not read, and says {none!r} in {count:,} of {rows:,} rows, which count like the "
            f"others: --event {column!r} --event-map {one}={kind},{none}=ignore leaves them out"
        )

    return Witness(column, lambda text: text.re_search(_NO), words, unless=lambda text: ~text.re_search(_YES_OR_NO))


def _total(column: str) -> Witness:
    def words(several: str, count: int, rows: int) -> str:
        return (
            f"column {column!r} is not read, and says {several!r} in {count:,} of {rows:,} rows, each of which counts "
            f"once: --quantity {column!r} counts them as often"
        )

    return Witness(column, lambda text: text.re_search(_SEVERAL), words, unless=lambda text: ~text.re_search(_WHOLE))


def _rating(column: str) -> Witness:
    words = f"column {column!r} of ratings is not read: low ones count too (--rating-at-least leaves them out)"
    return Witness(column, lambda text: text.notnull(), lambda *_: words, harms=False)
