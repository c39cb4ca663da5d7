// Delete the sessions without a user that ended before a moment.
//
// Returns: sessions INTEGER; one row
/*
:param before => 1600900000000
*/
MATCH (s:Session)
WHERE s.ended < $before AND NOT EXISTS { (:User)-[:HAD]->(s) }
CALL (s) {
  DETACH DELETE s
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(*) AS sessions;
