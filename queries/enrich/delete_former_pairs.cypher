// Delete the co-occurrence edges between items all of whose pairs were counted anew, where they were not written again.
//
// Returns: deleted INTEGER; one row
/*
:param items => ["101", "102", "103"]
:param run => "co-occurrence"
*/
UNWIND $items AS id
MATCH (i:Item {id: id})
CALL (i) {
  MATCH (i)-[w:CO_OCCURS]->(other:Item)
  WHERE other.id IN $items AND (w.run IS NULL OR w.run <> $run)
  DELETE w
  RETURN count(*) AS number
} IN TRANSACTIONS OF 500 ROWS
RETURN sum(number) AS deleted;
