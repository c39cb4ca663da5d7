// Mark the sessions that hold items of several categories, those that link categories: of all sessions, or of those given.
//
// Returns: changed INTEGER (sessions that got the mark or lost it); one row
/*
:param sessions => null
*/
CALL () {
  WITH $sessions AS some
  WHERE some IS NULL
  MATCH (s:Session)
  WHERE s.length > 1 OR s:SeveralCategories
  RETURN s
  UNION ALL
  UNWIND $sessions AS id
  MATCH (s:Session {id: id})
  RETURN s
}
WITH s, size(COLLECT { MATCH (s)-[e:INCLUDES]->(i) RETURN DISTINCT coalesce(e.category, i.derived_category) }) > 1 AS several
WHERE several <> s:SeveralCategories
CALL (s, several) {
  FOREACH (_ IN CASE WHEN several THEN [1] ELSE [] END | SET s:SeveralCategories)
  FOREACH (_ IN CASE WHEN several THEN [] ELSE [1] END | REMOVE s:SeveralCategories)
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS changed;
