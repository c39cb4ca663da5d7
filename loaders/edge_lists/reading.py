"""Where edges come from: a file, a folder of a file per property, or a folder of numbers and their lists.

read(Path("kg.tsv")).rows                     # item, property, value
read(Path("Movielens1M/graphs"))              # dbo:director.edgelist … (entity2rec)
read(Path("Data/last-fm"))                    # kg_final.txt, item_list.txt … (KGAT)
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from kartograph.loaders.edge_lists.edges import Edges, edges_of
from kartograph.loaders.edge_lists.numbered import EDGES, ITEMS, LISTS, named_edges
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import Unpacked, unpack

SUFFIX = ".edgelist"
FEEDBACK = "feedback"
"""What entity2rec calls the file of what users did, which is no property of an item."""
SHOWN = 5
"""Rejected rows that are shown."""


def read(path: Path) -> Edges:
    """The edges of a file, of a folder of `PROPERTY.edgelist` files, or of one of `kg_final.txt` with its lists.

    Files and the folder as a whole may be packed. Rows that do not have the fields of the layout are rejected, the
    others kept; blank lines and lines that begin with # count for nothing. Raises `BadInput` where there is no edge at
    all.
    """
    with _files(path) as files:
        lists = {_stem(file, ".txt"): file for file in files}
        by_property = {_stem(file, SUFFIX): file for file in files if SUFFIX in file.shown.name}
        if EDGES in lists and ITEMS in lists:
            edges = named_edges(lists)
        elif by_property:
            edges = _of_properties(by_property)
        elif len(files) == 1 and not path.is_dir():
            edges = edges_of(files[0])
        else:
            raise BadInput(
                f"{path} has no file that ends in {SUFFIX}, nor kg_final.txt with item_list.txt; name a folder of "
                "these, or a file of edges"
            )
    rows = edges.rows.drop_duplicates(ignore_index=True)
    if rows.empty:
        raise BadInput(
            f"{path} has no edge; rows are `item property value`. First rejected: "
            f"{'; '.join(map(str, edges.rejected[:SHOWN])) or 'none'}"
        )
    numbered = edges.numbered or bool(rows["property"].str.isdigit().all())
    return Edges(rows, edges.files, edges.rejected, numbered, edges.remarks, len(edges.rows) - len(rows))


def _of_properties(files: dict[str, Unpacked]) -> Edges:
    feedback = [name for name in files if name.rpartition(":")[2].startswith(FEEDBACK)]
    parts = [edges_of(file, name) for name, file in sorted(files.items()) if name not in feedback]
    if not parts:
        raise BadInput(f"{files[feedback[0]].shown.name} holds what users did; give a file for a property as well")
    said = [f"left out: {files[name].shown.name}, which holds what users did" for name in feedback]
    return Edges(
        pd.concat([part.rows for part in parts], ignore_index=True),
        tuple(file for part in parts for file in part.files),
        tuple(row for part in parts for row in part.rejected),
        remarks=tuple(said),
    )


def _stem(file: Unpacked, suffix: str) -> str:
    """The name of a file without the ending and those of packers after it."""
    return file.shown.name.partition(suffix)[0]


@contextmanager
def _files(path: Path) -> Iterator[list[Unpacked]]:
    """The plain files of a layout at a path; beside `kg_final.txt` those that say what its numbers mean."""
    if not path.exists():
        raise BadInput(f"there is no {path}; name a file of edges, or a folder of {SUFFIX} files")
    sources = [path]
    if path.is_dir() or path.name.partition(".")[0] == EDGES:
        around = path if path.is_dir() else path.parent
        sources = [one for one in sorted(around.iterdir()) if SUFFIX in one.name or one.name.partition(".")[0] in LISTS]
    with tempfile.TemporaryDirectory(prefix="kartograph-edges-") as folder:
        yield [one for source in sources for one in unpack(source, Path(folder)) if not one.left_out]
