// Delete sessions with their events.
//
// Returns: sessions INTEGER; one row
/*
:param sessions => ["x-0", "1-0"]
*/
UNWIND $sessions AS id
MATCH (s:Session {id: id})
DETACH DELETE s
RETURN count(*) AS sessions;
