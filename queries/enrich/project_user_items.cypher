// Project users and the items they met, in both directions and weighted by the number of events, for embeddings and random walks.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users who met fewer items than least_items are left out. Rows come by user, then item: the order in which nodes are met decides what a seed gives them. What a user did with the items of left_out, a map from ids of users to lists of ids of items, weighs 0: every node is there, in the same order, as if that had not happened.
/*
:param projection => "user_items"
:param least_items => 2
:param left_out => ({})
*/
MATCH (u:User)
WHERE COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items // the quick count first
  AND COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
WITH u
ORDER BY u.id
CALL (u) {
  MATCH (u)-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
  WITH i, toFloat(sum(did.count)) AS events
  RETURN i, CASE WHEN i.id IN $left_out[u.id] THEN 0.0 ELSE events END AS weight
  ORDER BY i.id
}
WITH gds.graph.project($projection, u, i,
  {sourceNodeLabels: 'User', targetNodeLabels: 'Item', relationshipType: 'MET', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['MET']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
