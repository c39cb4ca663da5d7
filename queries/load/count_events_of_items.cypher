// Count the events of some items anew, those of sessions without a user included.
//
// Returns: items INTEGER (whose popularity changed); one row
/*
:param items => ["101", "107"]
*/
UNWIND $items AS id
MATCH (i:Item {id: id})
WITH i, COUNT { (i)<-[:INCLUDES]-() } AS events
WHERE i.popularity IS NULL OR i.popularity <> events
SET i.popularity = events
RETURN count(*) AS items;
