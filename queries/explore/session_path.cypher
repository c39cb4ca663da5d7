// Which items one session went through, in order.
//
// Returns: position INTEGER, at INTEGER (ms UTC), event STRING, item STRING, title STRING, category STRING (the item's at that moment); by position
/*
:param session => "1-0"
*/
MATCH (:Session {id: $session})-[e:INCLUDES]->(i:Item)
RETURN e.position AS position, e.at AS at, e.event AS event, i.id AS item, i.title AS title, e.category AS category
ORDER BY position;
