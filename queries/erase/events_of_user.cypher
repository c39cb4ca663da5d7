// Every event of a user with its session, returns and what they took back among them.
//
// Returns: session_id STRING, item_id STRING, title STRING, event STRING, at INTEGER (ms UTC), position INTEGER; in order of time, ties by session and position
/*
:param user => "3"
*/
MATCH (:User {id: $user})-[:HAD]->(s:Session)-[e:INCLUDES|TAKEN_BACK]->(i:Item)
RETURN s.id AS session_id, i.id AS item_id, i.title AS title, e.event AS event, e.at AS at, e.position AS position
ORDER BY coalesce(at, s.started, 0), session_id, position;
