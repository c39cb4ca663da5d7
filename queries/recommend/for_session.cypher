// What fits one session, with or without a user: items that co-occur with its items, the later ones counting more.
//
// Returns: item STRING, title STRING, score FLOAT (Σ weight / steps from the end), via LIST<STRING>; the best first, ties by item; without items that are known to be unavailable
/*
:param session => "2-1"
:param k => 5
*/
MATCH (s:Session {id: $session})-[e:INCLUDES]->(i:Item)
WITH s, i, max(e.position) AS position
WITH s, i, position, s.length - position AS steps
MATCH (i)-[w:CO_OCCURS]-(other:Item)
WHERE NOT EXISTS { (s)-[:INCLUDES]->(other) } AND coalesce(other.available, true)
WITH other, i.id AS via, w.weight / steps AS part
ORDER BY part DESC, via
WITH other, sum(part) AS score, collect(via) AS via
RETURN other.id AS item, other.title AS title, score, via
ORDER BY score DESC, item
LIMIT $k;
