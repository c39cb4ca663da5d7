"""Notebooks as pages of the site: `mkdocs.yml` names this file as a hook.

Each notebook of `docs/notebooks` becomes a page of Markdown with the outputs that are kept in it.
`python docs/site_notebooks.py` runs all of them anew and keeps what they print, without warnings.
"""

import re
from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

FOLDER = Path(__file__).resolve().parent / "notebooks"
NO_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TIMEOUT = 600
"""Seconds after which a cell counts as stuck."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each notebook."""
    for path in notebooks():
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=as_markdown(path)))
    return files


def notebooks() -> list[Path]:
    """The files of the notebooks."""
    return sorted(FOLDER.glob("*.ipynb"))


def as_markdown(path: Path) -> str:
    """A notebook as a page; what a cell printed stands below it."""
    parts = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts.append(f"```python\n{cell.source}\n```")
            parts += [f"```text\n{text}\n```" for text in map(printed, cell.outputs) if text]
    parts.append(f"The notebook itself is `docs/notebooks/{path.name}`.")
    return "\n\n".join(parts) + "\n"


def printed(output: nbformat.NotebookNode) -> str:
    """An output of a cell as text; nothing for warnings and pictures."""
    if output.output_type == "stream":
        return output.text.rstrip() if output.name == "stdout" else ""
    return NO_COLOUR.sub("", output.get("data", {}).get("text/plain", "")).rstrip()


def executed(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its folder, in a kernel of this environment; raises the error of a cell that fails."""
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(book, kernel_name="python3", timeout=TIMEOUT, resources=folder).execute()
    for cell in book.cells:
        cell.get("metadata", {}).pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
            for one in cell.outputs:
                one.get("data", {}).pop("text/html", None)
    return book


if __name__ == "__main__":
    for path in notebooks():
        nbformat.write(executed(path), path)
