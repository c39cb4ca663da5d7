// Which items are linked by one measure to an item that moved or has no embedding any more.
//
// Returns: items LIST<STRING>; one row, by id
/*
:param measure => "jaccard"
:param moved => ["102"]
*/
MATCH (near:Item)
WHERE near.embedding IS NULL OR near.id IN $moved
MATCH (near)<-[:SIMILAR {measure: $measure}]-(i:Item)
WITH DISTINCT i.id AS id
ORDER BY id
RETURN collect(id) AS items;
