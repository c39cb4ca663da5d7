// Create users.
//
// Returns: users INTEGER; one row
/*
:param rows => [["7", 1600000000000, 1600000060000]]
*/
UNWIND $rows AS row
CREATE (:User {id: row[0], first_seen: row[1], last_seen: row[2]})
RETURN count(*) AS users;
