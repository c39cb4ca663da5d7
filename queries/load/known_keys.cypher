// The keys of all events that some users had.
//
// Returns: user STRING, keys LIST<STRING>; by user
/*
:param users => ["4", "1"]
*/
UNWIND $users AS user
MATCH (u:User {id: user})-[:HAD]->(:Session)-[r:INCLUDES|TAKEN_BACK]->(:Item)
WITH u.id AS user, r.event_key AS key
ORDER BY user, key
RETURN user, collect(key) AS keys
ORDER BY user;
