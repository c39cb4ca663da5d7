// Which category lies below which.
//
// Returns: category_id STRING, parent_id STRING; by category, then parent
MATCH (c:Category)-[:CHILD_OF]->(p:Category)
RETURN c.id AS category_id, p.id AS parent_id
ORDER BY category_id, parent_id;
