// Count the events of every item anew, those of sessions without a user included.
//
// Returns: items INTEGER, events INTEGER; one row
MATCH (i:Item)
CALL (i) {
  SET i.popularity = COUNT { (i)<-[:INCLUDES]-() }
  RETURN i.popularity AS popularity
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(i) AS items, sum(popularity) AS events;
