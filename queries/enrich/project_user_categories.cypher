// Project categories and the users who prefer them, in both directions and weighted by purchase frequency, for PageRank.
//
// Needs:   enrich/user_category_preferences
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users without preferences are left out, categories are not.
/*
:param projection => "user_categories"
*/
MATCH (c:Category)
WITH c
ORDER BY c.id
OPTIONAL MATCH (c)<-[p:PREFERS]-(u:User)
WHERE p.frequency > 0
WITH c, u, p.frequency AS weight
ORDER BY c.id, u.id
WITH gds.graph.project($projection, c, u,
  {relationshipType: 'PREFERS', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['*']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
