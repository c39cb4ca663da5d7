// Set what is known of sessions, and whose they are.
//
// Returns: sessions INTEGER; one row
/*
:param rows => [["x-0", "1", 1600000000000, 1600000060000, 2, null], ["1-0", null, 1600000000000, 1600000060000, 2, null]]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row[0]})
SET s.started = row[2], s.ended = row[3], s.length = row[4], s.named = row[5]
WITH s, row
CALL (s, row) {
  MATCH (other:User)-[had:HAD]->(s)
  WHERE row[1] IS NULL OR other.id <> row[1]
  DELETE had
}
CALL (s, row) {
  MATCH (u:User {id: row[1]})
  MERGE (u)-[:HAD]->(s)
}
RETURN count(*) AS sessions;
