// Project the categories and their co-occurrence edges in both directions, for PageRank.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row
/*
:param projection => "category_co_occurrence"
*/
MATCH (c:Category)
WITH c
ORDER BY c.id
OPTIONAL MATCH (c)-[w:CO_OCCURS]->(other:Category)
WITH c, other, w.weight AS weight
ORDER BY c.id, other.id
WITH gds.graph.project($projection, c, other,
  {relationshipType: 'CO_OCCURS', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['*']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
