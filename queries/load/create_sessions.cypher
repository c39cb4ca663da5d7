// Create sessions with their events; a session whose user is null belongs to nobody.
//
// Returns: events INTEGER; one row
/*
:param rows => [["1@5", "1", 1600000000000, 1600000060000, 2, null, [["101", 0, 1600000000000, "view", "k1", "2", null, null], ["102", 1, 1600000060000, "buy", "k2", "4", null, null]]]]
*/
UNWIND $rows AS row
CREATE (s:Session {id: row[0], started: row[2], ended: row[3], length: row[4], named: row[5]})
WITH s, row
CALL (s, row) {
  MATCH (u:User {id: row[1]})
  CREATE (u)-[:HAD]->(s)
}
UNWIND row[6] AS event
MATCH (i:Item {id: event[0]})
CREATE (s)-[:INCLUDES {position: event[1], at: event[2], event: event[3], event_key: event[4], category: event[5], place: event[6], anonymous: event[7]}]->(i)
RETURN count(*) AS events;
