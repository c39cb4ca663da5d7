// Delete the co-occurrence edges between items that a newer run did not write again.
//
// Returns: deleted INTEGER; one row
/*
:param run => "co-occurrence"
*/
MATCH (:Item)-[w:CO_OCCURS]->(:Item)
WHERE w.run IS NULL OR w.run <> $run
CALL (w) {
  DELETE w
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS deleted;
