// Delete the similarity edges of a measure that a newer run did not write again.
//
// Returns: deleted INTEGER; one row
/*
:param measure => "jaccard"
:param run => "similarity-2"
*/
MATCH (:Item)-[similar:SIMILAR]->(:Item)
WHERE similar.measure = $measure AND similar.run <> $run
CALL (similar) {
  DELETE similar
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS deleted;
