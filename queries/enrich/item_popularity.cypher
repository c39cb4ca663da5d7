// Count the events of every item anew, those of sessions without a user included.
//
// Returns: items INTEGER, events INTEGER; one row
MATCH (i:Item)
CALL (i) {
  WITH i, COUNT { (i)<-[:INCLUDES]-() } AS popularity
  FOREACH (n IN CASE WHEN i.popularity = popularity THEN [] ELSE [popularity] END | SET i.popularity = n)
  RETURN popularity
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(i) AS items, sum(popularity) AS events;
