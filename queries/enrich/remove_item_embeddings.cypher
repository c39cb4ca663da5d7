// Remove the embeddings of all items, before new ones are written.
//
// Returns: items INTEGER; one row
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
CALL (i) {
  REMOVE i.embedding
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS items;
