// Read the embedding of every item row by row.
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
RETURN i.id, i.embedding;
