"""Under which ids does the graph know the items of an ontology?"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.errors import BadInput


def graph_ids(graph: Graph, iris: NDArray[np.object_]) -> NDArray[np.object_]:
    """The id of each item by its IRI.

    Raises
    ------
    BadInput
        The graph lacks some of the items.
    """
    found = graph.query(queries.load("ontology/item_ids"))
    ids = pd.Series(found["id"].to_numpy(), index=found["iri"]).reindex(pd.Index(iris))
    if ids.isna().any():
        lost = list(ids.index[ids.isna()][:3])
        raise BadInput(
            f"the graph lacks {int(ids.isna().sum())} of the items, {lost} among them; load the ontology again"
        )
    return ids.to_numpy(dtype=object)
