// Which items occur together, and how high each ranks: what PageRank of items is made of.
//
// Returns: item_id STRING, pagerank FLOAT (null where it has none), near LIST<STRING> (by id), weights LIST<FLOAT>; by item_id. Each edge comes once. Items without an edge come only where their rank is not that of one
/*
:param alone => 0.15
*/
MATCH (i:Item)
WHERE i.popularity > 0
WITH i, COLLECT { MATCH (i)-[w:CO_OCCURS]->(near:Item) RETURN [near.id, w.weight] AS edge ORDER BY near.id } AS edges
WHERE size(edges) > 0 OR EXISTS { (i)<-[:CO_OCCURS]-() } OR coalesce(i.pagerank, 0.0) <> $alone
RETURN i.id AS item_id, i.pagerank AS pagerank, [edge IN edges | edge[0]] AS near, [edge IN edges | edge[1]] AS weights
ORDER BY item_id;
