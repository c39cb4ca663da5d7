// Which of the given users the graph holds.
//
// Returns: user_id STRING; by id
/*
:param users => ["1", "nobody"]
*/
MATCH (u:User)
WHERE u.id IN $users
RETURN u.id AS user_id
ORDER BY user_id;
