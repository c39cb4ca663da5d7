// The next sessions after one of them whose events are in several categories, with the category that each item had at that moment, packed into lists.
//
// Returns: sessions LIST<STRING>, positions LIST<LIST<INTEGER>>, categories LIST<LIST<STRING>>; one row, sessions by id, events without a category left out
/*
:param after => ""
:param k => 3
*/
MATCH (s:Session)
WHERE s.id > $after AND s.length > 1 AND size(COLLECT { MATCH (s)-[e:INCLUDES]->() RETURN DISTINCT e.category }) > 1 // most stay in one
WITH s
ORDER BY s.id
LIMIT $k
CALL (s) {
  MATCH (s)-[e:INCLUDES]->()
  WHERE e.category IS NOT NULL
  WITH e
  ORDER BY e.position
  RETURN collect(e.position) AS positions, collect(e.category) AS categories
}
RETURN collect(s.id) AS sessions, collect(positions) AS positions, collect(categories) AS categories;
