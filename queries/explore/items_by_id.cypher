// Which of the given items the graph holds, and what they are called.
//
// Returns: item_id STRING, title STRING; by id
/*
:param items => ["102", "nowhere"]
*/
MATCH (i:Item)
WHERE i.id IN $items
RETURN i.id AS item_id, i.title AS title
ORDER BY item_id;
