// Mark the users who met several items, or one in several ways, those that link items: of all users, or of those whom live loads marked, whose marks go.
//
// Returns: users INTEGER (who got the mark or lost one); one row
/*
:param all => true
*/
CALL () {
  WITH $all AS every
  WHERE every
  MATCH (u:User)
  RETURN u
  UNION ALL
  WITH $all AS every
  WHERE NOT every
  MATCH (u:User&SimilarityStale)
  RETURN u
}
WITH u, COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } > 1 AS several
WHERE several <> u:SeveralItems OR u:SimilarityStale
CALL (u, several) {
  REMOVE u:SimilarityStale
  FOREACH (_ IN CASE WHEN several THEN [1] ELSE [] END | SET u:SeveralItems)
  FOREACH (_ IN CASE WHEN several THEN [] ELSE [1] END | REMOVE u:SeveralItems)
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS users;
