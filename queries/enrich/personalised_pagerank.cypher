// Which items a random walk from given items visits most often, the given ones left out.
//
// Source:  personalised PageRank, Page et al. 1999
// Needs:   enrich/project_item_co_occurrence
// Returns: item_id STRING, score FLOAT; the best first, ties by item
/*
:param projection => "item_co_occurrence"
:param items => ["102"]
:param k => 5
:param damping => 0.85
:param iterations => 200
:param tolerance => 1e-7
:param concurrency => 4
*/
MATCH (i:Item)
WHERE i.id IN $items AND i.popularity > 0
WITH collect(i) AS items
WHERE size(items) > 0
CALL gds.pageRank.stream($projection, {
  sourceNodes: items, relationshipWeightProperty: 'weight', dampingFactor: $damping,
  maxIterations: $iterations, tolerance: $tolerance, concurrency: $concurrency
})
YIELD nodeId, score
WITH nodeId, score, items
WHERE score > 0
WITH gds.util.asNode(nodeId) AS item, score, items
WHERE NOT item IN items
RETURN item.id AS item_id, score
ORDER BY score DESC, item_id
LIMIT $k;
