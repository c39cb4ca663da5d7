"""The join of a page table with an ontology: which mapped item is which individual, counted on both sides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kartograph.graph.connection import Graph
from kartograph.loaders.access_log.pages import PageTable
from kartograph.ontology.contents import Contents
from kartograph.ontology.graph.computed import write_pages
from kartograph.ontology.graph.ids import individual_ids, matching_ids
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Join:
    """Pages, and the individuals that they show."""

    items: frozenset[str]
    """Ids of the mapped items."""
    iris: frozenset[str]
    """IRIs of the individuals of the class that is recommended."""
    ids: Mapping[str, str]
    """The mapped item of each individual that has one, by IRI."""

    def counts(self) -> dict[str, int]:
        """How many there are on both sides, and how many were matched."""
        return {
            "mapped items": len(self.items),
            "mapped items in the ontology": len(self.ids),
            "individuals": len(self.iris),
            "individuals that a page shows": len(self.ids),
        }

    def missed(self) -> str:
        """The mapped items that are no individuals, in words; empty where there is none."""
        lost = sorted(self.items - set(self.ids.values()))
        return (
            f"{len(self.ids):,} of {len(self.items):,} mapped items are in the ontology; not {_some(lost)}"
            if lost
            else ""
        )


def join_ontology(table: PageTable, contents: Contents) -> Join:
    """The join with an ontology that is to be written: individuals meet mapped items by IRI, else by local name.

    Raises
    ------
    BadInput
        No mapped item is an individual of the ontology.
    """
    items, iris = set(table.items.values()), contents.catalogue.items.ids.tolist()
    joined = Join(frozenset(items), frozenset(iris), matching_ids(iris, items))
    if not joined.ids:
        raise BadInput(
            f"0 of {len(items):,} mapped items are in the ontology: the page table has {_some(sorted(items))}, the "
            f"ontology {_some(iris)}; give item ids that are the individuals' IRIs or the last parts of them"
        )
    return joined


def named_as_in_graph(table: PageTable, graph: Graph) -> PageTable:
    """The table with the ids under which the graph knows its items, where these are individuals of its ontology."""
    known = individual_ids(graph)
    ids = {
        item: known[iri] for iri, item in matching_ids(known, set(table.items.values()) - set(known.values())).items()
    }
    return replace(table, items={url: ids.get(item, item) for url, item in table.items.items()})


def write_joined(
    graph: Graph,
    table: PageTable,
    contents: Contents | None,
    joined: Join | None,
    progress: Progress = silent,
    *,
    allow_shrink: bool = False,
) -> dict[str, int]:
    """Write the ontology, where there is one, and the pages with what they show; returns counts by name."""
    counts: dict[str, int] = {}
    if contents is not None and joined is not None:
        written, _ = write_ontology(graph, contents.rdf, ids=joined.ids, allow_shrink=allow_shrink, progress=progress)
        counts |= {"links": written.links, "attributes": written.attributes}
    frame = pd.DataFrame({"url": list(table.items), "item_id": list(table.items.values())})
    pages, shown = write_pages(graph, frame, progress)
    return counts | {"pages": pages, "pages that show an item of the shop": shown}


def _some(names: Iterable[str]) -> str:
    examples = list(names)
    return ", ".join(examples[:3]) + (" …" if len(examples) > 3 else "") if examples else "none"
