"""Links of the pages, made for the site: `mkdocs.yml` names this file as a hook.

The pages are read in the repository too, where `../queries/README.md` leads out of `docs/`. In the site the
repository's root and `docs/` are one folder: a page `docs/X.md` is `X.md`, every other file that a page links to is
copied under its own path, and each relative link is rewritten to match.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PAGES_OUTSIDE = ("queries/README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
"""Pages of the site that do not stand in `docs/`."""
CODE = re.compile(r"^(```|~~~).*?^\1|^    .*?$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()(?![a-z]+:|#|/)([^)#\s]+)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave out the theme's page for what is not there: it takes its style from the root of a web server alone."""
    config.theme.static_templates.discard("404.html")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages outside `docs/`, and every file that a page links to."""
    pages = [file.src_uri for file in files.documentation_pages() if (ROOT / "docs" / file.src_uri).is_file()]
    for path in PAGES_OUTSIDE:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    for source in [f"docs/{uri}" for uri in pages] + list(PAGES_OUTSIDE):
        for target in targets(source):
            uri = site_path(target)
            if files.get_file_from_path(uri) is None and (ROOT / target).is_file():
                files.append(File.generated(config, uri, abs_src_path=str(ROOT / target)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Rewrite the links of a page."""
    source = page.file.src_uri
    return in_prose(markdown, lambda text: LINK.sub(lambda link: link[1] + _rewritten(source, link[2]), text))


def targets(source: str) -> Iterator[str]:
    """Where the relative links of a page lead, as paths from the repository's root."""
    for link in LINK.finditer(CODE.sub("", (ROOT / source).read_text("utf-8"))):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(source), link[2]))


def site_path(path: str) -> str:
    """The path in the site of a path from the repository's root; notebooks are pages there."""
    return re.sub(r"^(notebooks/\w+)\.ipynb$", r"\1.md", path.removeprefix("docs/"))


def in_prose(markdown: str, change) -> str:
    """Change what is no code."""
    parts, end = [], 0
    for code in CODE.finditer(markdown):
        parts += [change(markdown[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, change(markdown[end:])])


def _rewritten(page: str, link: str) -> str:
    source = page if page in PAGES_OUTSIDE else f"docs/{page}"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
    return posixpath.relpath(site_path(target), posixpath.dirname(page) or ".")
