// Project users, and the sessions that belong to no user, with the items they have seen, in both directions and weighted by the number of events, for embeddings and random walks.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users and sessions with fewer items than least_items are left out. Rows come by users, then sessions, by id, then item: the order in which nodes come decides what a seed gives them. What one did with the items of left_out, ids of items by ids of users and of sessions, weighs 0: every node is there, in the same order, as if that had not happened.
/*
:param projection => "owner_items"
:param least_items => 2
:param left_out => ({users: {}, sessions: {}})
*/
CALL () {
  MATCH (u:User)
  WHERE COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items // the quick count first
    AND COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
  RETURN u AS owner, 'users' AS kind
  UNION ALL
  MATCH (s:Session)
  WHERE s.length >= $least_items AND NOT EXISTS { (:User)-[:HAD]->(s) }
    AND COUNT { MATCH (s)-[:INCLUDES]->(i:Item) RETURN DISTINCT i } >= $least_items
  RETURN s AS owner, 'sessions' AS kind
}
WITH owner, kind
ORDER BY kind DESC, owner.id
CALL (owner, kind) {
  MATCH (owner)-[did:VIEWED|CARTED|BOUGHT|BORROWED|INCLUDES]->(i:Item)
  WITH i, toFloat(sum(coalesce(did.count, 1))) AS events // an event of a session is one relationship
  RETURN i, CASE WHEN i.id IN $left_out[kind][owner.id] THEN 0.0 ELSE events END AS weight
  ORDER BY i.id
}
WITH gds.graph.project($projection, owner, i,
  {sourceNodeLabels: CASE kind WHEN 'users' THEN 'User' ELSE 'Session' END, targetNodeLabels: 'Item', relationshipType: 'MET', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['MET']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
