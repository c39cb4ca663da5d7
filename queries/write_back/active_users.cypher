// Which users were active lately: those whose recommendations are worth an edge each.
//
// Returns: user STRING; by user
/*
:param since => 1600172920000
*/
MATCH (u:User)
WHERE u.last_seen >= $since
RETURN u.id AS user
ORDER BY user;
