// Which items without an embedding have been seen since by users, and by sessions without a user; the marks of these go.
//
// Returns: items LIST<STRING> (by id); one row
/*
:param least_items => 2
*/
MATCH (owner:EmbeddingStale)
REMOVE owner:EmbeddingStale
WITH owner
WHERE COUNT { MATCH (owner)-[:VIEWED|CARTED|BOUGHT|BORROWED|INCLUDES]->(i:Item) RETURN DISTINCT i } >= $least_items
MATCH (owner)-[:VIEWED|CARTED|BOUGHT|BORROWED|INCLUDES]->(i:Item)
WHERE i.embedding IS NULL
WITH DISTINCT i.id AS id
ORDER BY id
RETURN collect(id) AS items;
