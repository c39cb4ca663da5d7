// The plain way to write whose sessions are whose.
//
// Returns: nothing
/*
:param rows => [{user_id: "1", session_id: "1@0"}]
*/
UNWIND $rows AS row
MATCH (u:User {id: row.user_id})
MATCH (s:Session {id: row.session_id})
MERGE (u)-[:HAD]->(s);
