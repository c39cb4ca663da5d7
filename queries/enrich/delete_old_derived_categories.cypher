// Delete the derived categories that a newer run did not write again.
//
// Returns: deleted INTEGER; one row
/*
:param run => "categories-2"
*/
MATCH (c:Category {derived: true})
WHERE c.run <> $run
CALL (c) {
  DETACH DELETE c
} IN TRANSACTIONS OF 10 ROWS
RETURN count(*) AS deleted;
