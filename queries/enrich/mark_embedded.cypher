// Mark all items that have an embedding, so that the neighbours of all are looked up anew.
//
// Returns: items INTEGER; one row
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
SET i:NeighboursStale
RETURN count(i) AS items;
