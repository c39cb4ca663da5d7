// Every category with its parent.
//
// Returns: category_id STRING, parent_id STRING (null: a root); by category
MATCH (c:Category)
OPTIONAL MATCH (c)-[:CHILD_OF]->(parent:Category)
RETURN c.id AS category_id, parent.id AS parent_id
ORDER BY category_id, parent_id;
