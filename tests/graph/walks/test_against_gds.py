import numpy as np
import pytest
from scipy.sparse import csr_array

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import pagerank

pytestmark = pytest.mark.server


@pytest.mark.slow
def test_walks_and_the_library_agree_on_the_same_projection(graph):
    rng = np.random.default_rng(1)
    edges = sorted({(int(user), int(category)) for user, category in rng.integers(0, (40, 12), (120, 2))})
    weights = rng.integers(1, 6, len(edges))
    graph.query(
        "UNWIND $rows AS row MERGE (u:User {id: 'u' + row[0]}) MERGE (c:Category {id: 'c' + row[1]}) "
        "CREATE (u)-[:PREFERS {frequency: row[2]}]->(c)",
        write=True,
        rows=[[user, category, float(weight)] for (user, category), weight in zip(edges, weights, strict=True)],
    )
    graph.query(
        "CALL gds.graph.project('walks', ['User', 'Category'], "
        "{PREFERS: {orientation: 'UNDIRECTED', properties: 'frequency'}}) YIELD graphName RETURN graphName"
    )
    ranked = graph.query(
        "CALL gds.pageRank.stream('walks', {maxIterations: 200, tolerance: 1e-10, "
        "relationshipWeightProperty: 'frequency'}) YIELD nodeId, score RETURN gds.util.asNode(nodeId).id AS name, score"
    )
    library = ranked.set_index("name")["score"]
    library /= library.sum()

    names = sorted(library.index)
    rows = {name: row for row, name in enumerate(names)}
    ends = np.array([(rows[f"u{user}"], rows[f"c{category}"]) for user, category in edges])
    one_way = csr_array((weights.astype(float), ends.T), shape=(len(names), len(names)))
    walks = WalkGraph.of(one_way + one_way.T)
    truth = library.loc[names].to_numpy()
    errors = [np.abs(pagerank(walks, number).scores - truth).sum() for number in (100, 10_000)]

    assert errors[1] < 0.01
    assert errors[1] < errors[0] / 3
