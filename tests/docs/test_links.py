"""Every link within the documentation leads to a file that is there, and to a heading of it; others are well formed."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown.extensions.toc import slugify

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "queries/README.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@cache
def headings(file: Path) -> set[str]:
    """The anchors of a page, numbered where several headings are alike, as the site does."""
    result: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", FENCE.sub("", file.read_text("utf-8")), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)|[`*]", r"\1", heading)
        anchor = base = slugify(words, "-")
        number = 0
        while anchor in result:
            number += 1
            anchor = f"{base}_{number}"
        result.add(anchor)
    return result


def links(file: Path) -> list[str]:
    return LINK.findall(re.sub(r"`[^`\n]*`", "", FENCE.sub("", file.read_text("utf-8"))))


def broken(file: Path) -> list[str]:
    wrong = []
    for link in links(file):
        if re.match(r"[a-z]+:", link):
            if not leads_out(link):
                wrong.append(link)
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or ROOT not in [target, *target.parents] or (anchor and anchor not in headings(target)):
            wrong.append(link)
    return wrong


def leads_out(link: str) -> bool:
    """Whether a link to another site is one: https, a name with a dot, and no character that an address cannot have."""
    parts = urlsplit(link)
    host = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc)
    return parts.scheme == "https" and host is not None and re.fullmatch(r"[!-~]+", link) is not None


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file):
    assert broken(file) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# One\n\n[a](#one) [b](#two) [c](page.md#one) [d](none.md) [e](https://example.org) `[f](x)`\n")
    assert broken(page) == ["#two", "none.md"]


def test_a_link_to_another_site_is_https_and_well_formed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[a](https://a.example/b?c=1#d) [b](http://a.example) [c](https:/a.example) [d](https://a)\n")
    assert broken(page) == ["http://a.example", "https:/a.example", "https://a"]


def test_pictures_are_small_and_shown_on_a_page():
    pages = "".join(file.read_text("utf-8") for file in FILES)
    for picture in (ROOT / "docs").glob("*.png"):
        assert picture.stat().st_size < 200_000, picture
        assert f"{picture.name})" in pages, picture
