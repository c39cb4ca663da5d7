// Which users did most in the last days before the shop's last event.
//
// Returns: user_id STRING, items INTEGER (seen, each counted once per kind of event); the most active first, ties by user
/*
:param days => 30
:param k => 5
*/
MATCH (u:User)
WHERE u.last_seen > 0
WITH u.last_seen AS latest
ORDER BY latest DESC
LIMIT 1
MATCH (u:User)
WHERE u.last_seen >= latest - $days * 86400000
RETURN u.id AS user_id, COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } AS items
ORDER BY items DESC, user_id
LIMIT $k;
