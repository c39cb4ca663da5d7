// Record that old sessions were deleted, as a load is recorded: what was computed from the events before is stale.
//
// Returns: load STRING; one row
/*
:param id => "expiry-1"
:param rows => 3
:param started => 1600540000000
:param finished => 1600540001000
*/
CREATE (l:Load {id: $id, source: 'expiry', batch: 0, rows: $rows, started: $started, finished: $finished})
RETURN l.id AS load;
