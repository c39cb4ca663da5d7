// Delete the patterns that another run wrote.
//
// Needs:   patterns/write_patterns
// Returns: deleted INTEGER; one row
/*
:param run => "rules-2"
*/
MATCH (p:Pattern)
WHERE p.run <> $run
CALL (p) {
  DETACH DELETE p
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(*) AS deleted;
