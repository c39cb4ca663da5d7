// Which run of the same step came before a run, and came to its end.
//
// Needs:   enrich/begin_step
// Returns: former STRING; one row, none where there was none
/*
:param run => "pagerank-2"
*/
MATCH (r:Run {id: $run})
WHERE r.former IS NOT NULL
RETURN r.former AS former;
