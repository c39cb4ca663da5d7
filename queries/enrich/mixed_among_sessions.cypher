// Those of some sessions whose events are in several categories, with the category that each item had at that moment, packed into lists.
//
// Returns: sessions LIST<STRING>, positions LIST<LIST<INTEGER>>, categories LIST<LIST<STRING>>; one row, sessions by id, events without a category left out
/*
:param sessions => ["1-0", "2-0", "3-1"]
*/
UNWIND $sessions AS id
MATCH (s:Session {id: id})
WHERE size(COLLECT { MATCH (s)-[e:INCLUDES]->() RETURN DISTINCT e.category }) > 1
WITH s
ORDER BY s.id
CALL (s) {
  MATCH (s)-[e:INCLUDES]->()
  WHERE e.category IS NOT NULL
  WITH e
  ORDER BY e.position
  RETURN collect(e.position) AS positions, collect(e.category) AS categories
}
RETURN collect(s.id) AS sessions, collect(positions) AS positions, collect(categories) AS categories;
