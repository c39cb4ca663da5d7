// Delete the rules that another run wrote.
//
// Needs:   patterns/write_rules
// Returns: deleted INTEGER; one row
/*
:param run => "rules-2"
*/
MATCH (r:Rule)
WHERE r.run <> $run
CALL (r) {
  DETACH DELETE r
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(*) AS deleted;
