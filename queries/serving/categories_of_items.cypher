// In which category each of the given items lies; of several the smallest id.
//
// Returns: item_id STRING, category STRING; by item. Items without a category are left out.
/*
:param items => ["101", "103", "nowhere"]
*/
UNWIND $items AS id
MATCH (:Item {id: id})-[:IN_CATEGORY]->(c:Category)
RETURN id AS item_id, min(c.id) AS category
ORDER BY item_id;
