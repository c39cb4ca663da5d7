// Record a batch in its own transaction, if the load that wrote it is still the one at work.
//
// Returns: load STRING; one row, none where another load has taken over
/*
:param holder => "load-1"
:param id => "small-3"
:param source => "small"
:param sha256 => "cc"
:param batch => 3
:param rows => 2
:param started => 1600540000000
:param finished => 1600540001000
:param marked => true
*/
MATCH (m:Meta {id: 'loading'})
WHERE m.holder = $holder
SET m.batch = $batch
CREATE (l:Load {id: $id, source: $source, sha256: $sha256, batch: $batch, rows: $rows, started: $started, finished: $finished, marked: $marked})
RETURN l.id AS load;
