"""Columns that are not read though they say what a row stands for: `clicked` of 0 and 1, ratings."""

import re
from collections.abc import Mapping, Sequence

from kartograph.loaders.shared.recognizing.guess import guess_columns
from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader

_BOUGHT = r"buy|bought|purchased?|ordered|order|converted|conversion|sold|transaction"
_INDICATOR = re.compile(
    rf"(?:is|was|has|did|event)?(?:(?P<buy>{_BOUGHT})|click|clicks|clicked|label|target|viewed|view|seen|read|liked?|"
    r"watched|played|interaction|interacted|response|outcome|addedtocart|addtocart|cart|carted)(?:flag)?"
)
_YES_OR_NO = r"(?i)\s*(?:[01](?:\.0+)?|true|false|yes|no)\s*"
_NO = r"(?i)\s*(?:0(?:\.0+)?|false|no)\s*"


def tell_unread(reader: Reader, table: TableFile, unused: Sequence[str]) -> None:
    """Remark on unused columns of a table whose rows all count, which say that some of the first rows count less."""
    named = {name: _INDICATOR.fullmatch(re.sub("[^a-z]", "", name.lower())) for name in unused}
    indicators = {name: found for name, found in named.items() if found}
    rating: Mapping[str, str] = {part: name for part, name in guess_columns(unused, {}).items() if part == "rating"}
    if not indicators and not rating:
        return
    rows = reader.peek(table, [*indicators, *rating.values()])
    for name, found in indicators.items():
        texts = rows[name].dropna().astype("string")
        no = texts[texts.str.fullmatch(_NO)]
        if no.empty or not texts.str.fullmatch(_YES_OR_NO).all():
            continue
        yes = texts[~texts.index.isin(no.index)]
        one, none = yes.iloc[0].strip() if len(yes) else "1", no.iloc[0].strip()
        kind = "buy" if found["buy"] else "view"
        words = (
            f"column {name!r} is not read, and says {none!r} in {len(no):,} of the first {len(rows):,} rows, which "
            f"count like the others: --event {name!r} --event-map {one}={kind},{none}=ignore "
            "leaves them out"
        )
        reader.report.remark(words, len(no))
    for name in rating.values():
        words = f"column {name!r} of ratings is not read: low ones count too (--rating-at-least leaves them out)"
        reader.report.note(words, int(rows[name].notna().sum()))
