// Set position, category, the source's place, and whether nobody was known, of events by their keys.
//
// Returns: events INTEGER; one row
/*
:param rows => [["x-0", {`x-0/0`: [1, "2", null, null], `x-0/1`: [0, "4", null, null]}]]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row[0]})-[r:INCLUDES]->(:Item)
WITH r, row[1][r.event_key] AS event
WHERE event IS NOT NULL
SET r.position = event[0], r.category = event[1], r.place = event[2], r.anonymous = event[3]
RETURN count(*) AS events;
