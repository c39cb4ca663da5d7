// Which items each session of several events holds.
//
// Returns: item_ids LIST<STRING> (by item, one as often as it occurs); in no order
MATCH (s:Session)
WHERE s.length > 1
RETURN COLLECT { MATCH (s)-[:INCLUDES]->(i:Item) RETURN i.id ORDER BY i.id } AS item_ids;
