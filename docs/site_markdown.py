"""Pages as Markdown beside the site's HTML, and their index for programs: `mkdocs.yml` names this file as a hook.

`X.md` beside `X.html` is the page as the site has it, its links leading to other pages as Markdown. `llms.txt` lists
the pages by section of the navigation, each with its first sentence, in the form of llmstxt.org; `llms-full.txt` holds
all of them. The kept plugin for it wants the address of the site and a second list of its pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

LISTED, WHOLE = "llms.txt", "llms-full.txt"
_pages: dict[str, str] = {}
_navigation: list[Navigation] = []


def on_pre_build(config: MkDocsConfig) -> None:
    """Forget the pages of a former build."""
    _pages.clear()
    _navigation.clear()


def on_nav(nav: Navigation, **_: object) -> Navigation:
    """Keep the order and the sections of the pages."""
    _navigation.append(nav)
    return nav


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Keep the page as it is before it becomes HTML."""
    _pages[page.file.src_uri] = markdown.strip() + "\n"
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Write every page, the list of the pages, and all of them as one file."""
    site = Path(config.site_dir)
    for uri, text in _pages.items():
        (site / uri).parent.mkdir(parents=True, exist_ok=True)
        (site / uri).write_text(text, "utf-8")
    head = f"# {config.site_name}\n\n> {config.site_description}\n"
    listed, whole = [head], [head]
    for section, pages in sections(_navigation[0]):
        lines = [
            f"- [{_name(page)}]({page.file.src_uri}){_first_sentence(_pages[page.file.src_uri])}" for page in pages
        ]
        listed.append(f"## {section}\n\n" + "\n".join(lines) + "\n")
        whole += [f"<!-- {page.file.src_uri} -->\n\n{_pages[page.file.src_uri]}" for page in pages]
    (site / LISTED).write_text("\n".join(listed), "utf-8")
    (site / WHOLE).write_text("\n".join(whole), "utf-8")


def sections(nav: Navigation) -> Iterator[tuple[str, list[Page]]]:
    """The pages by the sections of the navigation; those that stand alone come first, as `Pages`."""
    yield "Pages", [item for item in nav.items if isinstance(item, Page)]
    for item in nav.items:
        if isinstance(item, Section):
            yield item.title, list(_within(item))


def _within(section: Section) -> Iterator[Page]:
    for item in section.children or ():
        if isinstance(item, Section):
            yield from _within(item)
        elif isinstance(item, Page):
            yield item


def _name(page: Page) -> str:
    heading = re.match(r"# (.*)", _pages[page.file.src_uri])
    return heading[1] if heading else str(page.title)


def _first_sentence(text: str) -> str:
    """`: ` and the first sentence of a page's first paragraph; nothing where it has none."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if re.match(r"(?!```)[A-Za-z`*\[]", part)]
    if not paragraphs:
        return ""
    words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(paragraphs[0].split()))
    return ": " + re.split(r"(?<=[.:])\s", words, maxsplit=1)[0].rstrip(".:") + "."
