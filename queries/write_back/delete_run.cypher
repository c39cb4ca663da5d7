// Delete a run whose recommendations are gone.
//
// Returns: deleted INTEGER; one row
/*
:param run => "popular-1"
*/
MATCH (r:Run {id: $run})
DETACH DELETE r
RETURN count(*) AS deleted;
