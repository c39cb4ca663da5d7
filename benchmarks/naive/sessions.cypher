// The plain way to write sessions: one MERGE for each row of a batch.
//
// Returns: nothing
/*
:param rows => [{session_id: "1@0", started: 0, ended: 0, length: 1}]
*/
UNWIND $rows AS row
MERGE (s:Session {id: row.session_id})
SET s.started = row.started, s.ended = row.ended, s.length = row.length;
