// Which items there are, and in which categories.
//
// Returns: item_id STRING, category_id STRING or null, derived BOOLEAN or null; by item, then category
MATCH (i:Item)
OPTIONAL MATCH (i)-[:IN_CATEGORY]->(c:Category)
RETURN i.id AS item_id, c.id AS category_id, coalesce(c.derived, false) AS derived
ORDER BY item_id, category_id;
