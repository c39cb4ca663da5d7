"""Pages of the documentation that are made of the code: `python -m kartograph.reference` writes all of them.

Each module beside this one makes one page, or parts of some; `python -m kartograph.reference.NAME` writes these alone.
A test compares the pages in `docs/` with what the code says.
"""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = ("commands", "errors", "http", "models", "python", "tour")
"""The modules of the pages; each has `PAGE`, where its page is, and `page()`, what it says."""
FOLDERS = ("model_pages",)
"""The modules of folders of pages; each has `FOLDER`, and `pages()`, the texts by the names of their files."""
FILLED = ("measurements",)
"""The modules of parts of pages that are written by hand; each has `pages()`, the whole texts by their files."""
