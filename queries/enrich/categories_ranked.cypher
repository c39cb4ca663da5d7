// How high each category ranks.
//
// Returns: category_id STRING, pagerank FLOAT (null where it has none); by category_id
MATCH (c:Category)
RETURN c.id AS category_id, c.pagerank AS pagerank
ORDER BY category_id;
