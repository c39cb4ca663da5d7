// How many items have an embedding.
//
// Returns: items INTEGER; one row
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
RETURN count(i) AS items;
