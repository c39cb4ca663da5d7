// Record that something was erased, so that what was computed before is stale and snapshots are taken anew.
//
// Returns: erasures INTEGER; one row
/*
:param now => 1600540002000
*/
MERGE (l:Load {id: 'erasures'})
ON CREATE SET l.source = 'erasure', l.sha256 = 'erasure', l.batch = -1, l.rows = 0, l.started = $now, l.finished = 0
SET l.rows = l.rows + 1, l.finished = CASE WHEN l.finished >= $now THEN l.finished + 1 ELSE $now END
RETURN l.rows AS erasures;
