"""The pages of the models in the navigation, and room for wide tables: `mkdocs.yml` names this file as a hook.

`python -m kartograph.reference` makes a page for each model, so the folder is the list of them. The wide tables of all
models and of the papers take the width that the list of a page's sections has on other pages.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

FOLDER = Path(__file__).resolve().parent / "models"
SECTION = "Models"
WIDE = ("papers.md", "reproduced/")
"""Where pages with sections begin whose tables need the width more than a list of them."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the pages of the folder to their section."""
    pages = [f"{FOLDER.name}/{path.name}" for path in sorted(FOLDER.glob("*.md"))]
    next(item[SECTION] for item in config.nav or () if SECTION in item).extend(pages)
    return config


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Hide the list of sections of a page that has none, or whose tables need its width."""
    if "\n## " not in markdown or page.file.src_uri.startswith(WIDE):
        page.meta["hide"] = ["toc"]
    return markdown
