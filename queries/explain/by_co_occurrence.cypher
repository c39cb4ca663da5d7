// Which items that a user has seen occur in the same sessions as another item.
//
// Returns: met STRING, title STRING, events LIST<STRING> (what the user did), weight FLOAT, sessions INTEGER; the highest weight first, ties by met
/*
:param user => "3"
:param item => "102"
:param k => 10
*/
MATCH (target:Item {id: $item})-[w:CO_OCCURS]-(met:Item)<-[did:VIEWED|CARTED|BOUGHT|BORROWED]-(:User {id: $user})
WITH met, w, did
ORDER BY type(did)
WITH met, w, collect(type(did)) AS events
RETURN met.id AS met, met.title AS title, events, w.weight AS weight, w.sessions AS sessions
ORDER BY weight DESC, met
LIMIT $k;
