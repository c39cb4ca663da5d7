// What a random walk from the items that one user met lately visits most often, with the items that lead there.
//
// Source:  personalised PageRank, Page et al. 1999; walks go on with probability $damping along co-occurrence edges
// Needs:   enrich/project_item_co_occurrence
// Returns: user_id STRING, item_id STRING, score FLOAT, via LIST<STRING> (up to three of the user's items, the strongest edge first; empty where the walk is longer); the best first, ties by item
/*
:param projection => "item_co_occurrence"
:param user => "3"
:param recent => 10
:param new_only => true
:param damping => 0.85
:param iterations => 20
:param concurrency => 4
:param k => 5
*/
MATCH (u:User {id: $user})-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
WHERE i.popularity > 0
WITH u, i, s.started AS started, s.id AS session, e.position AS position
ORDER BY started DESC, session DESC, position DESC
WITH u, collect(DISTINCT i)[.. $recent] AS items
CALL gds.pageRank.stream($projection, {
  sourceNodes: items, relationshipWeightProperty: 'weight', dampingFactor: $damping, maxIterations: $iterations, concurrency: $concurrency
})
YIELD nodeId, score
WITH u, items, nodeId, score
WHERE score > 0
WITH u, items, gds.util.asNode(nodeId) AS item, score
WHERE NOT item IN items AND (NOT $new_only OR NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(item) })
WITH u, items, item, score
ORDER BY score DESC, item.id
LIMIT $k
RETURN u.id AS user_id, item.id AS item_id, score, COLLECT {
    MATCH (item)-[w:CO_OCCURS]-(met:Item)
    WHERE met IN items
    RETURN met.id AS via ORDER BY w.weight DESC, via LIMIT 3
  } AS via
ORDER BY score DESC, item_id;
