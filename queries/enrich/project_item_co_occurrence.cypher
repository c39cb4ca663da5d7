// Project the items that have events, and their co-occurrence edges in both directions, for PageRank.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row
/*
:param projection => "item_co_occurrence"
*/
MATCH (i:Item)
WHERE i.popularity > 0
WITH i
ORDER BY i.id
OPTIONAL MATCH (i)-[w:CO_OCCURS]->(other:Item)
WITH i, other, w.weight AS weight
ORDER BY i.id, other.id
WITH gds.graph.project($projection, i, other,
  {relationshipType: 'CO_OCCURS', relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['*']}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
