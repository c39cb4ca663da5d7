"""Which browsers are spiders: those of the package crawler-user-agents, also where a log cuts their names off."""

import re
from bisect import bisect_left
from functools import cache, lru_cache

LEAST = 3
"""Characters of a spider's own name that have to be left of one that is cut off."""
_MARK = "compatible;"
"""What stands before a spider's own name, where it calls itself a Mozilla."""

_OF_PEOPLE = ("Mozilla/", "Opera/", "MSIE", "Konqueror/")
"""With what the names of people's browsers begin, there."""


@lru_cache(maxsize=100_000)
def is_spider(browser: str) -> bool:
    """Whether a browser's name is a known spider's, whole or cut off, or none at all: people's browsers have one."""
    import crawleruseragents

    if browser in ("", "-") or crawleruseragents.is_crawler(browser[:1_000]):
        return True
    own = _own_name(browser)
    names = _names()
    at = bisect_left(names, own)
    if len(own) < LEAST or any(name.startswith(own) for name in _OF_PEOPLE):
        return False
    return at < len(names) and names[at].startswith(own)


def _own_name(browser: str) -> str:
    """What follows the last `compatible;`, or the whole where it has none."""
    return browser.rpartition(_MARK)[2].lstrip()


@cache
def _names() -> list[str]:
    """The spiders' own names in order, up to what tells each; none that another product could come before."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    names: set[str] = set()
    for spider in CRAWLER_USER_AGENTS_DATA:
        for instance in spider["instances"]:
            match = re.search(spider["pattern"], instance)
            name = "" if match is None else _own_name(instance[: match.end()])
            if not name.startswith(_OF_PEOPLE) and ";" not in name:
                names.add(name)
    return sorted(names)
