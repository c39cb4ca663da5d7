"""A folder whose edges are numbers, with lists of what the numbers mean, as KGAT has it.

    kg_final.txt         item relation thing, all of them numbers
    item_list.txt        org_id remap_id …: the items, and their numbers among the things
    entity_list.txt      org_id remap_id: all things
    relation_list.txt    org_id remap_id

Source: Wang et al., "KGAT: Knowledge Graph Attention Network for Recommendation" (2019), its data sets.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from kartograph.loaders.edge_lists.edges import Edges, bare, edges_of, lines_of
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.unpack import Unpacked
from kartograph.tables.report import counted

EDGES, ITEMS, THINGS, RELATIONS = "kg_final", "item_list", "entity_list", "relation_list"
LISTS = (EDGES, ITEMS, THINGS, RELATIONS)


def named_edges(files: Mapping[str, Unpacked]) -> Edges:
    """The edges of the items by their names, from the files by the names of `LISTS`; `EDGES` and `ITEMS` are needed.

    A number that no list has stays a number. Edges of things that are no items are left out.
    """
    edges = edges_of(files[EDGES])
    items = _names(files[ITEMS])
    relations, things = (_names(files[name]) if name in files else {} for name in (RELATIONS, THINGS))
    called = items | things
    rows = edges.rows
    of_items = rows["item"].isin(list(items))
    kept = rows[of_items].reset_index(drop=True)
    kept = kept.assign(
        item=_called(kept["item"], items),
        property=_called(kept["property"], relations),
        value=_called(kept["value"], called),
    )
    left = int((~of_items).sum())
    remarks = (f"left out: {counted(left, 'edge')} of things that item_list.txt does not have",) if left else ()
    used = tuple(file.shown for name, file in files.items() if name in LISTS)
    return Edges(kept, used, edges.rejected, numbered=True, remarks=remarks)


def _called(numbers: pd.Series, names: Mapping[str, str]) -> pd.Series:
    return numbers.mask(numbers.isin(list(names)), numbers.map(names))


def _names(file: Unpacked) -> dict[str, str]:
    """The `org_id` of a list by its `remap_id`; the first columns of a list without a header are these two."""
    lines = lines_of(file)
    if lines.empty:
        raise BadInput(f"{file.shown.name} is empty; its rows are `org_id remap_id`")
    header: Sequence[str] = lines.iloc[0].split()
    remapped = "remap_id" in header
    fields = lines.iloc[int(remapped) :].str.rsplit(n=len(header) - 1)  # an org_id may hold blanks
    if len(header) < 2 or not (fields.map(len) == len(header)).all():
        raise BadInput(f"{file.shown.name} has rows of different lengths; its rows are `org_id remap_id`")
    numbers = fields.str[header.index("remap_id") if remapped else 1]
    return dict(zip(map(str, numbers), map(str, bare(fields.str[0])), strict=True))
