// Which categories had some items when, and at which moments were they observed.
//
// Returns: item STRING, category STRING, since INTEGER, until INTEGER (ms UTC), seen LIST<INTEGER> (at least the beginning, where that is known); by item, then time
/*
:param items => ["103"]
*/
UNWIND $items AS id
MATCH (i:Item {id: id})-[r:WAS_IN_CATEGORY]->(c:Category)
RETURN i.id AS item, c.id AS category, r.since AS since, r.until AS until,
  coalesce(r.seen, CASE WHEN r.since IS NOT NULL THEN [r.since] WHEN r.until IS NOT NULL THEN [r.until - 1] ELSE [] END) AS seen
ORDER BY item, coalesce(since, -1), category;
