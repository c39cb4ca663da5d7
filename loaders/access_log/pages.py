"""Which object does a page show: the page-to-object table, and how addresses are brought into one form?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd

from kartograph.tables.errors import BadInput

URL_COLUMNS, ITEM_COLUMNS = ("url", "page", "address"), ("item_id", "item", "object")
LONGEST_ADDRESS = 2_000
MEDIA = frozenset(
    [
        "avi",
        "avif",
        "bmp",
        "css",
        "csv",
        "doc",
        "docx",
        "eot",
        "exe",
        "flac",
        "flv",
        "gif",
        "gz",
        "ico",
        "jpeg",
        "jpg",
        "js",
        "json",
        "m4a",
        "m4v",
        "map",
        "mkv",
        "mov",
        "mp3",
        "mp4",
        "mpeg",
        "mpg",
        "ogg",
        "ogv",
        "otf",
        "pdf",
        "png",
        "ppt",
        "pptx",
        "rar",
        "rdf",
        "rss",
        "svg",
        "svgz",
        "swf",
        "tar",
        "tgz",
        "tif",
        "tiff",
        "ttf",
        "txt",
        "wav",
        "webm",
        "webmanifest",
        "webp",
        "wma",
        "wmv",
        "woff",
        "woff2",
        "xls",
        "xlsx",
        "xml",
        "zip",
    ]
)
"""Endings of addresses that are no pages."""


@dataclass(frozen=True)
class PageTable:
    """Addresses and what they show."""

    items: Mapping[str, str]
    """Item id by address, in the form of `address_of`."""
    several: frozenset[str]
    """Addresses that show several items: they are ignored."""

    def item_of(self, url: str) -> str | None:
        """The item that an address shows: as it stands with its query, else without."""
        address = address_of(url)
        if address is None:
            return None
        return self.items.get(address) or self.items.get(address.partition("?")[0])

    def shows_several(self, url: str) -> bool:
        """Whether the address is one of those that show several items."""
        address = address_of(url)
        return address is not None and (address in self.several or address.partition("?")[0] in self.several)


def read_page_table(path: Path) -> PageTable:
    """The table of a CSV file with the columns `url` and `item_id`; other columns are left alone.

    Raises
    ------
    BadInput
        There is no such file, it cannot be read, a column is missing, or no page shows a single item.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give a CSV file with the columns url and item_id")
    try:
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}; give a CSV file in UTF-8") from error
    chosen = []
    for names in (URL_COLUMNS, ITEM_COLUMNS):
        found = [name for name in names if name in frame.columns]
        if not found:
            raise BadInput(f"{path.name} has the columns {list(frame.columns)}; it needs url and item_id")
        chosen.append(found[0])
    return page_table(frame[chosen[0]], frame[chosen[1]])


def page_table(urls: pd.Series, items: pd.Series) -> PageTable:
    """The table of pairs; an address with different items shows several."""
    frame = pd.DataFrame({"url": [address_of(url) for url in urls], "item": items.to_numpy()})
    frame = frame[frame["url"].notna() & (frame["item"] != "")].drop_duplicates()
    several = frozenset(frame["url"][frame["url"].duplicated()])
    single = frame[~frame["url"].isin(several)]
    if single.empty:
        raise BadInput("no page of the table shows a single item; give rows of an address and an item id")
    return PageTable(dict(zip(single["url"], single["item"], strict=True)), several)


def address_of(url: str) -> str | None:
    """An address in one form: without host, fragment and doubled slashes, percent escapes decoded, dots resolved.

    None where it is too long, or climbs above the root (`/../../etc/passwd`): it names no page of the site. A slash at
    the end is dropped.
    """
    if len(url) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(url if url.startswith("/") and not url.startswith("//") else re.sub("^//+", "/", url))
    except ValueError:
        return None
    path: list[str] = []
    for part in unquote(parts.path).replace("\\", "/").split("/"):
        if part == "..":
            if not path:
                return None
            path.pop()
        elif part not in ("", "."):
            path.append(part)
    address = "/" + "/".join(path)
    return f"{address}?{parts.query}" if parts.query else address


def is_media(url: str) -> bool:
    """Whether the address ends like a picture, a script, a feed or a download."""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return "." in name and name.rpartition(".")[2].lower() in MEDIA
