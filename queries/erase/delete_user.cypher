// Delete a user with every relationship of the user, and record it, so that what was computed before is stale and snapshots are taken anew.
//
// Returns: erasures INTEGER (so far); one row, none where there is no such user
/*
:param user => "5"
:param now => 1600540002000
*/
MATCH (u:User {id: $user})
DETACH DELETE u
WITH DISTINCT 'erasures' AS id
MERGE (l:Load {id: id})
ON CREATE SET l.source = 'erasure', l.sha256 = 'erasure', l.batch = -1, l.rows = 0, l.started = $now, l.finished = 0
SET l.rows = l.rows + 1, l.finished = CASE WHEN l.finished >= $now THEN l.finished + 1 ELSE $now END
RETURN l.rows AS erasures;
