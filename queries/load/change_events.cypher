// Set position, category, the source's place, whether nobody was known, quantity, and what was returned of it, of events by their keys.
//
// Returns: events INTEGER; one row
/*
:param rows => [["x-0", {`x-0/0`: [1, "2", null, null, 3.0, 1.0], `x-0/1`: [0, "4", null, null, null, null]}]]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row[0]})-[r:INCLUDES|TAKEN_BACK]->(:Item)
WITH r, row[1][r.event_key] AS event
WHERE event IS NOT NULL
SET r.position = event[0], r.category = event[1], r.place = event[2], r.anonymous = event[3], r.quantity = event[4], r.returned = event[5]
RETURN count(*) AS events;
