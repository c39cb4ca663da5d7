// What some users did, in order of time, packed into a row for each.
//
// Returns: user_id STRING, items LIST<STRING>, events LIST<STRING>, times LIST<INTEGER> (ms UTC, 0 where unknown); by user
/*
:param users => ["1", "2"]
*/
UNWIND $users AS user_id
MATCH (:User {id: user_id})-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
WITH user_id, s, e, i
ORDER BY user_id, coalesce(e.at, s.started, 0), s.id, e.position
RETURN user_id, collect(i.id) AS items, collect(e.event) AS events, collect(coalesce(e.at, 0)) AS times
ORDER BY user_id;
