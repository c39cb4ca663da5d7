// What a random walk from the items that one history ends with visits most often, with the items that lead there.
//
// Source:  personalised PageRank, Page et al. 1999; walks go on with probability $damping along co-occurrence edges
// Needs:   enrich/project_item_co_occurrence
// Returns: question INTEGER, item_id STRING, score FLOAT, via LIST<STRING> (items of the history that an edge joins with it, the strongest first; empty where the walk is longer), amounts LIST<FLOAT> (the weights of these edges); the best first, ties by item
/*
:param projection => "item_co_occurrence"
:param row => ({question: 0, items: ["105", "104", "101", "103"], left_out: ["101", "103", "104", "105"]})
:param allowed => null
:param available => false
:param damping => 0.85
:param iterations => 20
:param concurrency => 4
:param k => 5
*/
MATCH (i:Item)
WHERE i.id IN $row.items AND i.popularity > 0
WITH collect(i) AS items
WHERE size(items) > 0
CALL gds.pageRank.stream($projection, {
  sourceNodes: items, relationshipWeightProperty: 'weight', dampingFactor: $damping, maxIterations: $iterations, concurrency: $concurrency
})
YIELD nodeId, score
WITH items, nodeId, score
WHERE score > 0
WITH items, gds.util.asNode(nodeId) AS item, score
WHERE NOT item IN items AND NOT item.id IN $row.left_out AND ($allowed IS NULL OR item.id IN $allowed) AND (NOT $available OR coalesce(item.available, true))
WITH items, item, score
ORDER BY score DESC, item.id
LIMIT $k
WITH item, score, COLLECT {
    MATCH (item)-[w:CO_OCCURS]-(seen:Item)
    WHERE seen IN items
    RETURN {id: seen.id, weight: w.weight} AS edge ORDER BY w.weight DESC, seen.id
  } AS edges
RETURN $row.question AS question, item.id AS item_id, score, [e IN edges | e.id] AS via, [e IN edges | e.weight] AS amounts
ORDER BY score DESC, item_id;
