// Which category each item had since when; the latest one where no history is kept.
//
// Returns: item_id STRING, category_id STRING, since INTEGER (ms UTC, null: from the beginning); by item, then time
MATCH (i:Item)-[r:IN_CATEGORY|WAS_IN_CATEGORY]->(c:Category)
WHERE r:WAS_IN_CATEGORY OR NOT EXISTS { (i)-[:WAS_IN_CATEGORY]->() }
RETURN i.id AS item_id, c.id AS category_id, r.since AS since
ORDER BY item_id, coalesce(since, 0), category_id;
