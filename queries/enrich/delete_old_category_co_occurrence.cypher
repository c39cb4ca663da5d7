// Delete the co-occurrence edges between categories that a newer run did not write again.
//
// Returns: deleted INTEGER; one row
/*
:param run => "co-occurrence"
*/
MATCH (:Category)-[w:CO_OCCURS]->(:Category)
WHERE w.run IS NULL OR w.run <> $run
CALL (w) {
  DELETE w
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS deleted;
