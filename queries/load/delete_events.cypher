// Delete events of sessions by their keys.
//
// Returns: events INTEGER; one row
/*
:param rows => [{session: "1-0", keys: ["1-0/0", "1-0/1"]}]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row.session})-[r:INCLUDES|TAKEN_BACK]->(:Item)
WHERE r.event_key IN row.keys
DELETE r
RETURN count(*) AS events;
