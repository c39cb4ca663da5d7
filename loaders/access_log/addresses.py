"""Addresses of pages in one form: without host, fragment, tracking parameters and session ids."""

import re
from urllib.parse import unquote, unquote_plus, urlsplit

LONGEST_ADDRESS = 2_000
MEDIA = frozenset([
    "avi", "avif", "bmp", "css", "csv", "doc", "docx", "eot", "exe", "flac", "flv", "gif", "gz", "ico", "jpeg",
    "jpg", "js", "json", "m4a", "m4v", "map", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "ogg", "ogv", "otf", "pdf",
    "png", "ppt", "pptx", "rar", "rdf", "rss", "svg", "svgz", "swf", "tar", "tgz", "tif", "tiff", "ttf", "txt",
    "wav", "webm", "webmanifest", "webp", "wma", "wmv", "woff", "woff2", "xls", "xlsx", "xml", "zip",
])  # fmt: skip
"""Endings of addresses that are no pages."""
TRACKING = re.compile(
    "(utm|mtm|piwik|matomo|hsa|trk|oly|vero)_.*|(pk|ga)_(campaign|content|keyword|kwd|medium|source|cid|vid|place)|"
    "_ga|_gl|_hs(enc|mi)|__hs(tc|sc|fp)|_openstat|_kx|g(ad_source|ad_campaignid|braid|clid|clsrc)|wbraid|dclid|"
    "srsltid|fbclid|fb_(action_.*|source|ref)|igsh(id)?|ms(clk|cl)id|ttclid|twclid|li_fat_id|epik|rdt_cid|sc_?cid|"
    "sccid|ys?clid|mc_(cid|eid)|mkt_tok|ml_subscriber.*|s_kwcid|ef_id|irclickid|irgwc|wickedid|rb_clickid|cjevent|"
    "awc|tduid|zanpid|jsessionid|phpsessid|aspsessionid.*",
    re.I,
)
"""Parameters that tell where a visitor came from, or which session is his: they do not change what a page shows."""
_ESCAPED_BYTE = re.compile(r"\\x([0-9A-Fa-f]{2})")
"""How Apache and nginx write a byte that is no letter of ASCII."""
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/;?]*", re.I)


def address_of(url: str) -> str | None:
    """An address in one form: doubled slashes and dots resolved, percent escapes of the path decoded.

    Host, fragment, a slash at the end and the parameters of `TRACKING` are dropped. None where it is too long, or
    climbs above the root (`/../../etc/passwd`): it names no page of the site.
    """
    if len(url) > LONGEST_ADDRESS:
        return None
    if "\\x" in url:
        url = _ESCAPED_BYTE.sub(r"%\1", url)
    try:
        parts = urlsplit(url if url.startswith("/") and not url.startswith("//") else re.sub("^//+", "/", url))
    except ValueError:
        return None
    raw = _SESSION_IN_PATH.sub("", parts.path) if ";" in parts.path else parts.path
    path: list[str] = []
    for part in unquote(raw).replace("\\", "/").split("/"):
        if part == "..":
            if not path:
                return None
            path.pop()
        elif part not in ("", "."):
            path.append(part)
    query = "&".join(part for part in parts.query.split("&") if part and not _tracks(part)) if parts.query else ""
    return "/" + "/".join(path) + (f"?{query}" if query else "")


def parameters_of(address: str) -> dict[str, str]:
    """The parameters of an address, decoded; of one that comes twice the first value."""
    parameters: dict[str, str] = {}
    for part in filter(None, address.partition("?")[2].split("&")):
        name, _, value = part.partition("=")
        parameters.setdefault(unquote_plus(name), unquote_plus(value))
    return parameters


def is_media(url: str) -> bool:
    """Whether the address ends like a picture, a script, a feed or a download."""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return "." in name and name.rpartition(".")[2].lower() in MEDIA


def _tracks(parameter: str) -> bool:
    return TRACKING.fullmatch(unquote_plus(parameter.partition("=")[0])) is not None
