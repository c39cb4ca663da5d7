// Add events to sessions.
//
// Returns: events INTEGER; one row
/*
:param rows => [["1-0", [["103", 4, 1600000600000, "view", "k3", "4", null, null]]]]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row[0]})
UNWIND row[1] AS event
MATCH (i:Item {id: event[0]})
CREATE (s)-[:INCLUDES {position: event[1], at: event[2], event: event[3], event_key: event[4], category: event[5], place: event[6], anonymous: event[7]}]->(i)
RETURN count(*) AS events;
