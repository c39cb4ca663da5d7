// The next categories after one of them with their properties and parents, packed into lists.
//
// Returns: ids LIST<STRING>, derived LIST<BOOLEAN>, pageranks LIST<FLOAT>, parents LIST<LIST<STRING>> (ids, in order); one row, the lists by id
/*
:param after => ""
:param k => 3
*/
MATCH (c:Category)
WHERE c.id > $after
WITH c
ORDER BY c.id
LIMIT $k
RETURN collect(c.id) AS ids, collect(coalesce(c.derived, false)) AS derived, collect(coalesce(c.pagerank, 0.0 / 0.0)) AS pageranks,
  collect(COLLECT { MATCH (c)-[:CHILD_OF]->(p:Category) RETURN p.id ORDER BY p.id }) AS parents;
