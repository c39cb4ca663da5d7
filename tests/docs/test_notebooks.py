"""The notebooks of the documentation run, and print what is kept in them."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"\d+\.\d+")


@pytest.fixture(scope="module")
def notebooks():
    """The hook that shows notebooks on the site, and runs them."""
    spec = spec_from_file_location("site_notebooks", ROOT / "docs" / "site_notebooks.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_is_kept_in_it(path, notebooks, small_servers):
    anew = notebooks.executed(path)
    kept = nbformat.read(path, as_version=4)
    for before, after in zip(kept.cells, anew.cells, strict=True):
        if before.cell_type == "code":
            assert prints(notebooks, after) == prints(notebooks, before), f"run {path.name} again and keep it"


def prints(notebooks, cell) -> list[str]:
    """What a cell prints, numbers to two places and blanks left out: processors differ in the last ones."""
    texts = [notebooks.printed(output) for output in cell.outputs]
    return [" ".join(NUMBER.sub(lambda number: f"{float(number[0]):.2f}", text).split()) for text in texts if text]


def test_a_notebook_becomes_a_page_with_its_outputs_and_without_warnings(tmp_path, notebooks):
    cells = [
        nbformat.v4.new_markdown_cell("# One"),
        nbformat.v4.new_code_cell(
            "1 + 1",
            outputs=[
                nbformat.v4.new_output("stream", name="stderr", text="careful"),
                nbformat.v4.new_output("execute_result", data={"text/plain": "\x1b[31m2\x1b[0m"}),
            ],
        ),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "one.ipynb")
    assert notebooks.as_markdown(tmp_path / "one.ipynb") == (
        "# One\n\n```python\n1 + 1\n```\n\n```text\n2\n```\n\nThe notebook itself is `docs/notebooks/one.ipynb`.\n"
    )
