// Embeddings of the next items after one of them, packed into a list.
//
// Returns: ids LIST<STRING>, embeddings LIST<LIST<FLOAT>>; one row, the lists by id, null where an item has none
/*
:param after => "105"
:param k => 3
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
RETURN [i IN items | i.id] AS ids, [i IN items | i.embedding] AS embeddings;
