// What one user may look at next: the items that occur in the same sessions as the last item.
//
// Returns: item STRING, title STRING, score FLOAT (co-occurrence weight), via STRING (the last item); the best first, ties by item; without items that are known to be unavailable
/*
:param user => "3"
:param k => 5
*/
MATCH (:User {id: $user})-[:HAD]->(s:Session)-[e:INCLUDES]->(last:Item)
WITH last
ORDER BY s.started DESC, s.id DESC, e.position DESC
LIMIT 1
MATCH (last)-[w:CO_OCCURS]-(next:Item)
WHERE coalesce(next.available, true)
RETURN next.id AS item, next.title AS title, w.weight AS score, last.id AS via
ORDER BY score DESC, item
LIMIT $k;
