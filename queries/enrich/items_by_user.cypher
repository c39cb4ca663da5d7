// Which items each user has seen.
//
// Returns: item_ids LIST<STRING> (by item, one as often as there are kinds of events); in no order, users who have seen none left out
MATCH (u:User)
WITH COLLECT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN i.id ORDER BY i.id } AS item_ids
WHERE size(item_ids) > 0
RETURN item_ids;
