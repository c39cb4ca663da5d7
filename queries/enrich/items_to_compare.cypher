// The most popular items with an embedding: those whose nearest items are looked for.
//
// Returns: items LIST<STRING>; one row, the most popular first, ties by item
/*
:param most_items => 3
*/
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
WITH i
ORDER BY i.popularity DESC, i.id
LIMIT $most_items
RETURN collect(i.id) AS items;
