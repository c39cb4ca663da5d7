// The most popular items with an embedding: those whose nearest items are looked for.
//
// Returns: item STRING; the most popular first, ties by item
/*
:param most_items => 3
*/
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
RETURN i.id AS item
ORDER BY i.popularity DESC, i.id
LIMIT $most_items;
