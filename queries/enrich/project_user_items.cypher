// Project users and the items they met, in both directions and weighted by the number of events, for embeddings and random walks.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users who met fewer items than least_items are left out. Rows come by user, then item: the order in which nodes are met decides what a seed gives them.
/*
:param projection => "user_items"
:param least_items => 2
*/
MATCH (u:User)
WHERE COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
WITH u
ORDER BY u.id
CALL (u) {
  MATCH (u)-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
  RETURN i, toFloat(sum(did.count)) AS weight
  ORDER BY i.id
}
WITH gds.graph.project($projection, u, i,
  {sourceNodeLabels: 'User', targetNodeLabels: 'Item', relationshipType: 'MET', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['MET']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
