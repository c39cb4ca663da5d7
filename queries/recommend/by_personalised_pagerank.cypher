// Which items that one user has not seen a random walk from the user's items visits most often.
//
// Source:  personalised PageRank, Page et al. 1999; walks go on with probability 0.85 along co-occurrence edges
// Needs:   enrich/project_item_co_occurrence
// Returns: item STRING, title STRING, score FLOAT; the best first, ties by item; without items that are known to be unavailable
/*
:param projection => "item_co_occurrence"
:param user => "3"
:param k => 5
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(seen:Item)
WITH u, collect(DISTINCT seen) AS items
CALL gds.pageRank.stream($projection, {sourceNodes: items, relationshipWeightProperty: 'weight', dampingFactor: 0.85})
YIELD nodeId, score
WITH items, nodeId, score
WHERE score > 0
WITH items, gds.util.asNode(nodeId) AS item, score
WHERE NOT item IN items AND coalesce(item.available, true)
RETURN item.id AS item, item.title AS title, score
ORDER BY score DESC, item
LIMIT $k;
