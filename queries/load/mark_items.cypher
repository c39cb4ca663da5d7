// Mark the items of sessions that are taken apart or put in another order, so that their pairs are counted anew.
//
// Returns: items INTEGER; one row
/*
:param sessions => ["1-0"]
*/
UNWIND $sessions AS id
MATCH (s:Session {id: id})-[:INCLUDES]->(i:Item)
WITH DISTINCT i
SET i:PairsStale
RETURN count(*) AS items;
