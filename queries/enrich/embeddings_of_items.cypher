// Embeddings of some items, packed into a list.
//
// Returns: ids LIST<STRING>, embeddings LIST<LIST<FLOAT>>; one row, items without an embedding left out
/*
:param items => ["106", "107"]
*/
UNWIND $items AS id
MATCH (i:Item {id: id})
WHERE i.embedding IS NOT NULL
RETURN collect(i.id) AS ids, collect(i.embedding) AS embeddings;
