// Whether a batch was committed.
//
// Returns: batches INTEGER (0 or 1); one row
/*
:param id => "small-1"
*/
OPTIONAL MATCH (l:Load {id: $id})
RETURN count(l) AS batches;
