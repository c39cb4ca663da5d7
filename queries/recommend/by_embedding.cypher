// Which items lie nearest to one item in the space of the embeddings.
//
// Needs:   enrich/item_embedding_index
// Returns: item STRING, title STRING, score FLOAT ((1 + cosine) / 2); the nearest first, ties by item; none where the item has no embedding; without items that are known to be unavailable. More are looked up than are returned, so that ties are cut by item
/*
:param item => "101"
:param k => 5
*/
MATCH (i:Item {id: $item})
WHERE i.embedding IS NOT NULL
CALL db.index.vector.queryNodes('item_embedding', 4 * $k + 1, i.embedding)
YIELD node AS near, score
WITH i, near, score
WHERE near <> i AND coalesce(near.available, true)
RETURN near.id AS item, near.title AS title, score
ORDER BY score DESC, item
LIMIT $k;
