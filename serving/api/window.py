"""The shop window: the page at `/` for people, and its files. They tell nothing of the shop and need no key."""

from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter, Request, Response

from kartograph.serving.api.errors import UnknownThing

router = APIRouter(include_in_schema=False)
FOLDER = "/window/"
"""Where the page's files lie beside it."""
SCRIPT = "text/javascript"
"""Of modules; a system's own table of endings may call them by older names, which browsers refuse."""
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data: https: http:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _read() -> dict[str, tuple[bytes, str]]:
    """Every file of the window by name, with its type."""
    contents = {}
    for file in files("kartograph.serving").joinpath("window").iterdir():
        kind = SCRIPT if file.name.endswith(".js") else guess_type(file.name)[0] or "application/octet-stream"
        contents[file.name] = file.read_bytes(), kind
    return contents


_FILES = _read()


@router.get("/")
async def page() -> Response:
    """The page."""
    return _answer("index.html")


@router.get(FOLDER + "{name}")
async def file(request: Request, name: str) -> Response:
    """A file of the page."""
    if name not in _FILES:
        raise UnknownThing(f'the window has no file "{name:.100}"')
    return _answer(name)


def _answer(name: str) -> Response:
    content, kind = _FILES[name]
    return Response(content, headers=HEADERS, media_type=kind)
