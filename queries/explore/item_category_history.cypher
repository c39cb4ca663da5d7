// In which categories one item has been, and when.
//
// Returns: category STRING, code STRING, since INTEGER, until INTEGER (ms UTC; null: open); oldest first, ties by category
/*
:param item => "103"
*/
MATCH (:Item {id: $item})-[was:WAS_IN_CATEGORY]->(c:Category)
RETURN c.id AS category, c.code AS code, was.since AS since, was.until AS until
ORDER BY coalesce(since, 0), category;
