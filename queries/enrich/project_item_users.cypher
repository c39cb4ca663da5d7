// Project which users have seen each item, from the item to the user, for the similarity of items.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users who have seen fewer items than least_items link nothing and are left out. Rows come by user, then item: the order in which nodes come decides ties.
/*
:param projection => "item_users"
:param least_items => 2
*/
MATCH (u:User)
WHERE COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items // the quick count first
  AND COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
WITH u
ORDER BY u.id
CALL (u) {
  MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
  RETURN DISTINCT i
  ORDER BY i.id
}
WITH gds.graph.project($projection, i, u, {sourceNodeLabels: 'Item', targetNodeLabels: 'User', relationshipType: 'MET_BY'}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
