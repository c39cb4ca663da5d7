// Which of the given items the graph holds.
//
// Returns: item_id STRING; by id
/*
:param items => ["102", "nowhere"]
*/
MATCH (i:Item)
WHERE i.id IN $items
RETURN i.id AS item_id
ORDER BY item_id;
