// Close a run to its writer before its recommendations are deleted.
//
// Returns: run STRING; one row, none where there is no such run
/*
:param run => "popular-3"
*/
MATCH (r:Run {id: $run})
SET r.status = 'abandoned'
RETURN r.id AS run;
