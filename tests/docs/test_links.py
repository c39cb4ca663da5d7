"""Every link within the documentation leads to a file that is there, and to a heading of it."""

import re
from functools import cache
from pathlib import Path

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


def broken(file: Path) -> list[str]:
    wrong = []
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", file.read_text("utf-8")))
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if not target.exists() or ROOT not in [target, *target.parents] or (anchor and anchor not in headings(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file):
    assert broken(file) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# One\n\n[a](#one) [b](#two) [c](page.md#one) [d](none.md) [e](https://example.org) `[f](x)`\n")
    assert broken(page) == ["#two", "none.md"]


def test_pictures_are_small_and_shown_on_a_page():
    pages = "".join(file.read_text("utf-8") for file in FILES)
    for picture in (ROOT / "docs").glob("*.png"):
        assert picture.stat().st_size < 200_000, picture
        assert f"{picture.name})" in pages, picture
