// Which items that a user has seen occur in the same sessions as another item.
//
// Returns: seen STRING, title STRING, events LIST<STRING> (what the user did), weight FLOAT, sessions INTEGER; the highest weight first, ties by seen
/*
:param user => "3"
:param item => "102"
:param k => 10
*/
MATCH (target:Item {id: $item})-[w:CO_OCCURS]-(seen:Item)<-[did:VIEWED|CARTED|BOUGHT|BORROWED]-(:User {id: $user})
WITH seen, w, did
ORDER BY type(did)
WITH seen, w, collect(type(did)) AS events
RETURN seen.id AS seen, seen.title AS title, events, w.weight AS weight, w.sessions AS sessions
ORDER BY weight DESC, seen
LIMIT $k;
