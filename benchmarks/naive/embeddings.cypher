// Give every item that has none an embedding of 64 numbers; they mean nothing.
MATCH (i:Item)
WHERE i.embedding IS NULL
CALL (i) {
  SET i.embedding = [x IN range(1, 64) | rand()]
} IN TRANSACTIONS OF 10000 ROWS;
