// All categories that a source named, with their parents; those derived from the items are left out.
//
// Returns: category STRING, code STRING, level INTEGER, parents LIST<STRING>; by category
MATCH (c:Category)
WHERE NOT coalesce(c.derived, false)
CALL (c) {
  MATCH (c)-[:CHILD_OF]->(parent:Category)
  WITH parent
  ORDER BY parent.id
  RETURN collect(parent.id) AS parents
}
RETURN c.id AS category, c.code AS code, c.level AS level, parents
ORDER BY category;
