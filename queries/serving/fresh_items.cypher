// Which items were created over HTTP since a moment and have no events yet.
//
// Needs:   serving/change_items
// Returns: item_id STRING; the newest first, ties by item
/*
:param since => 1600000000000
*/
MATCH (i:Item)
WHERE i.created >= $since AND i.popularity = 0
RETURN i.id AS item_id
ORDER BY i.created DESC, item_id;
