"""The table of pages and the items that they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from kartograph.loaders.access_log.addresses import address_of, parameters_of
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.columns import text_of_columns

URL_COLUMNS, ITEM_COLUMNS = ("url", "page", "address"), ("item_id", "item", "object")
Values = tuple[str, ...]


@dataclass(frozen=True)
class PageTable:
    """Addresses and what they show.

    A request shows the item of the address that has the same path and parameters that the request has too, of several
    such addresses that with the most parameters; further parameters of the request do not count.
    """

    items: Mapping[str, str]
    """Item id by address, in the form of `address_of`."""
    several: frozenset[str]
    """Addresses that show several items: they are ignored."""

    def item_of(self, url: str) -> str | None:
        """The item that an address shows, None where it shows none or several."""
        address = self._known(url)
        return None if address is None else self.items.get(address)

    def shows_several(self, url: str) -> bool:
        """Whether the address is one of those that show several items."""
        return self._known(url) in self.several

    def _known(self, url: str) -> str | None:
        """The address of the table that a request is for."""
        address = address_of(url)
        if address is None:
            return None
        candidates = self._by_path.get(address.partition("?")[0])
        if candidates is None:
            return None
        parameters = parameters_of(address)
        for names, known in candidates.items():
            if all(name in parameters for name in names):
                page = known.get(tuple(parameters[name] for name in names))
                if page is not None:
                    return page
        return None

    @cached_property
    def _by_path(self) -> dict[str, dict[Values, dict[Values, str]]]:
        """Addresses by path, names of parameters (the most first) and their values."""
        by_path: dict[str, dict[Values, dict[Values, str]]] = {}
        for address in [*self.items, *self.several]:
            parameters = sorted(parameters_of(address).items())
            names, values = tuple(name for name, _ in parameters), tuple(value for _, value in parameters)
            by_path.setdefault(address.partition("?")[0], {}).setdefault(names, {}).setdefault(values, address)
        return {path: dict(sorted(of.items(), key=lambda one: (-len(one[0]), one[0]))) for path, of in by_path.items()}


def read_page_table(path: Path) -> PageTable:
    """The table of a file, in any format of tables, with the columns `url` and `item_id`; others are left alone.

    Raises
    ------
    BadInput
        There is no such file, it cannot be read, a column is missing, or no page shows a single item.
    """

    def choose(columns: tuple[str, ...]) -> list[str]:
        plain = {name.strip().lower(): name for name in reversed(columns)}
        chosen = [next((plain[name] for name in names if name in plain), None) for names in (URL_COLUMNS, ITEM_COLUMNS)]
        if None in chosen:
            raise BadInput(f"{path.name} has the columns {list(columns)}; it needs url and item_id")
        return [name for name in chosen if name is not None]

    frame = text_of_columns(path, choose, "url and item_id").fillna("")
    return page_table(frame.iloc[:, 0], frame.iloc[:, 1])


def page_table(urls: pd.Series, items: pd.Series) -> PageTable:
    """The table of pairs; an address with different items shows several.

    Two addresses that differ in the order of their parameters alone are one.
    """
    addresses = [address_of(url) for url in urls]
    keys = [a and (a.partition("?")[0], tuple(sorted(parameters_of(a).items()))) for a in addresses]
    frame = pd.DataFrame({"url": addresses, "key": keys, "item": items.to_numpy()})
    frame = frame[frame["url"].notna() & (frame["item"] != "")]
    frame["url"] = frame.groupby("key", sort=False)["url"].transform("first")
    frame = frame.drop_duplicates(["url", "item"])
    several = frozenset(frame["url"][frame["url"].duplicated()])
    single = frame[~frame["url"].isin(several)]
    if single.empty:
        raise BadInput("no page of the table shows a single item; give rows of an address and an item id")
    return PageTable(dict(zip(single["url"], single["item"], strict=True)), several)
