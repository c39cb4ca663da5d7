// Which items without an embedding users met who did something since; their marks go.
//
// Returns: items LIST<STRING> (by id); one row
/*
:param least_items => 2
*/
MATCH (u:User&EmbeddingStale)
REMOVE u:EmbeddingStale
WITH u
WHERE COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WHERE i.embedding IS NULL
WITH DISTINCT i.id AS id
ORDER BY id
RETURN collect(id) AS items;
