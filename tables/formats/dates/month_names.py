"""Dates with the names of months in other languages than English, by the names of the Unicode CLDR.

A word counts where it means one month in all languages that know it: `listopad` is November in Polish and October in
Croatian, so it is left alone. Names of weekdays and the small words beside them (`3 de mayo de 2024`) are dropped.
"""

import re
from functools import cache

import pandas as pd

LANGUAGES = (
    *("bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "id", "is", "it", "lt", "lv"),
    *("nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "tr", "uk"),
)
SMALL = frozenset(("de", "del", "di", "den", "der", "le", "el", "la", "i", "of", "г", "р", "er", "º", "ª"))
"""Words that stand beside the parts of a date and say nothing of it."""
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = re.compile(r"((?<![^\W_])[^\W\d_]{2,}|(?<=\d)(?:er|[ºª])\b)\.?")


def in_english(texts: pd.Series) -> pd.Series:
    """The texts with the name of their month in English; missing where there is no such word, or more than one."""
    return texts.map(_translated).astype("string")


def _translated(text: str) -> str | None:
    months, weekdays = _names()
    translated: list[str] = []

    def english(word: re.Match[str]) -> str:
        name = word[1].casefold()
        if name in months:
            translated.append(name)
            return ENGLISH[months[name] - 1]
        if name in weekdays or name in SMALL:
            return ""
        return word[0]

    said = re.sub(r"\s+", " ", _WORD.sub(english, text)).strip(" ,-/")
    return said if len(translated) == 1 else None


@cache
def _names() -> tuple[dict[str, int], frozenset[str]]:
    """The month of each name that means one only, and the names of weekdays that are no months."""
    from babel.dates import get_day_names, get_month_names

    meant: dict[str, set[int]] = {}
    days: set[str] = set()
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, language).items():
                    meant.setdefault(_plain(name), set()).add(month)
                days |= {_plain(name) for name in get_day_names(width, context, language).values()}
    months = {name: months.pop() for name, months in meant.items() if len(months) == 1 and name.isalpha()}
    return months, frozenset(name for name in days if name.isalpha()) - meant.keys()


def _plain(name: str) -> str:
    return name.casefold().rstrip(".")
