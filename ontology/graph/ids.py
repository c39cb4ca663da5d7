"""The ids under which the graph knows the items of an ontology, and where individuals and items of a shop meet."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.ontology.files.iris import local_name
from kartograph.tables.errors import BadInput

BATCH = 10_000


def graph_ids(graph: Graph, iris: NDArray[np.object_]) -> NDArray[np.object_]:
    """The id of each item by its IRI.

    Raises
    ------
    BadInput
        The graph lacks some of the items.
    """
    ids = pd.Series(individual_ids(graph), dtype=object).reindex(pd.Index(iris))
    if ids.isna().any():
        lost = list(ids.index[ids.isna()][:3])
        raise BadInput(
            f"the graph lacks {int(ids.isna().sum())} of the items, {lost} among them; load the ontology again"
        )
    return ids.to_numpy(dtype=object)


def individual_ids(graph: Graph) -> dict[str, str]:
    """The id of every item that is an individual of the graph's ontology, by its IRI."""
    known = graph.query(queries.load("ontology/item_ids"))
    return dict(zip(known["iri"], known["id"], strict=True))


def matching_ids(iris: Iterable[str], ids: Iterable[str]) -> dict[str, str]:
    """Which of some items each individual is: the one with its IRI as id, else with its local name, by IRI.

    A local name that several individuals have matches none of them.
    """
    candidates_in_order, known = list(dict.fromkeys(iris)), set(ids)
    matched = {iri: iri for iri in candidates_in_order if iri in known}
    names = {iri: local_name(iri) for iri in candidates_in_order if iri not in matched}
    times, free = Counter(names.values()), known - set(matched)
    return matched | {iri: name for iri, name in names.items() if name in free and times[name] == 1}


def shop_ids(graph: Graph, iris: Iterable[str]) -> dict[str, str]:
    """The ids of individuals that are items of the shop already, by IRI.

    These are individuals that were written before, and items without an individual that `matching_ids` finds.
    """
    written = individual_ids(graph)
    candidates_in_order = list(dict.fromkeys(iris))
    new = [iri for iri in candidates_in_order if iri not in written]
    candidates = sorted({name for iri in new for name in (iri, local_name(iri))})
    known: set[str] = set()
    for start in range(0, len(candidates), BATCH):
        named = graph.query(queries.load("ontology/items_named"), ids=candidates[start : start + BATCH])
        known |= set(named["id"][named["iri"].isna()])
    return {iri: written[iri] for iri in candidates_in_order if iri in written} | matching_ids(new, known)
