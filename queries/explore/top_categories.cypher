// Which categories have the most events on the items that lie in them directly.
//
// Returns: category STRING, code STRING, items INTEGER (with events), events INTEGER; most events first, ties by category
/*
:param k => 5
*/
MATCH (i:Item)-[:IN_CATEGORY]->(c:Category)
WHERE i.popularity > 0
WITH c, count(i) AS items, sum(i.popularity) AS events
RETURN c.id AS category, c.code AS code, items, events
ORDER BY events DESC, category
LIMIT $k;
