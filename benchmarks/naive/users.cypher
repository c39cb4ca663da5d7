// The plain way to write users: one MERGE for each row of a batch.
//
// Returns: nothing
/*
:param rows => [{user_id: "1", first_seen: 0, last_seen: 0}]
*/
UNWIND $rows AS row
MERGE (u:User {id: row.user_id})
SET u.first_seen = row.first_seen, u.last_seen = row.last_seen;
