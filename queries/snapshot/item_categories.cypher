// In which categories the next items after one of them are and were, packed into lists.
//
// Returns: ids LIST<STRING> (of items), item LIST<INTEGER> (place in ids), categories LIST<STRING>, current LIST<BOOLEAN> (false: of the history), since LIST<INTEGER>, until LIST<INTEGER> (ms UTC); one row, by item, the present ones first, then since (unknown last) and category
/*
:param after => "102"
:param k => 1
:param unknown => -1
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
CALL (items) {
  UNWIND range(0, size(items) - 1) AS place
  WITH place, items[place] AS i
  MATCH (i)-[r:IN_CATEGORY|WAS_IN_CATEGORY]->(c:Category)
  WITH place, r, c
  ORDER BY place, type(r), r.since, c.id
  RETURN collect(place) AS item, collect(c.id) AS categories, collect(type(r) = 'IN_CATEGORY') AS current,
    collect(coalesce(r.since, $unknown)) AS since, collect(coalesce(r.until, $unknown)) AS until
}
RETURN [i IN items | i.id] AS ids, item, categories, current, since, until;
