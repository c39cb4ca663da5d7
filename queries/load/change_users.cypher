// Set when users were first and last seen.
//
// Returns: users INTEGER; one row
/*
:param rows => [["1", 1600000000000, 1600000060000]]
*/
UNWIND $rows AS row
MATCH (u:User {id: row[0]})
SET u.first_seen = row[1], u.last_seen = row[2]
RETURN count(*) AS users;
