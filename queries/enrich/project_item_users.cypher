// Project which users met each item, from the item to the user, for the similarity of items.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; one row. Users who met fewer items than least_items link nothing and are left out.
/*
:param projection => "item_users"
:param least_items => 2
*/
MATCH (u:User)
WHERE COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH DISTINCT u, i
WITH gds.graph.project($projection, i, u, {sourceNodeLabels: 'Item', targetNodeLabels: 'User', relationshipType: 'MET_BY'}) AS g
RETURN g.graphName AS projection, g.nodeCount AS nodes, g.relationshipCount AS relationships;
