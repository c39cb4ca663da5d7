// Which users were active in the last days before the shop's last event: those whose recommendations are worth an edge each.
//
// Returns: user_id STRING; by user
/*
:param days => 1
*/
MATCH (u:User)
WHERE u.last_seen > 0
WITH u.last_seen AS latest
ORDER BY latest DESC
LIMIT 1
MATCH (u:User)
WHERE u.last_seen >= latest - $days * 86400000
RETURN u.id AS user_id
ORDER BY user_id;
