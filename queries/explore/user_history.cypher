// What one user did, the latest first.
//
// Returns: at INTEGER (ms UTC), session STRING, position INTEGER, event STRING, item STRING, title STRING; the latest event first
/*
:param user => "1"
:param k => 20
*/
MATCH (:User {id: $user})-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
RETURN e.at AS at, s.id AS session, e.position AS position, e.event AS event, i.id AS item, i.title AS title
ORDER BY s.started DESC, session DESC, position DESC
LIMIT $k;
