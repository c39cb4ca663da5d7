// Add events to sessions: those that count as INCLUDES, those that a return took back, and the return, as TAKEN_BACK.
//
// Returns: events INTEGER; one row
/*
:param rows => [["1-0", [["103", 4, 1600000600000, "view", "k3", "4", null, null, null, null, true], ["103", 0, 1600000700000, "return", "k4", "4", null, null, 2.0, null, false]]]]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row[0]})
UNWIND row[1] AS event
MATCH (i:Item {id: event[0]})
CREATE (s)-[:$(CASE WHEN event[10] THEN "INCLUDES" ELSE "TAKEN_BACK" END) {position: event[1], at: event[2], event: event[3], event_key: event[4], category: event[5], place: event[6], anonymous: event[7], quantity: event[8], returned: event[9]}]->(i)
RETURN count(*) AS events;
