// Which items occur together within the window in some sessions.
//
// Returns: a STRING, b STRING (the greater id); by a, then b
/*
:param sessions => ["1-0", "3-1"]
:param window => 20
*/
UNWIND $sessions AS id
MATCH (s:Session {id: id})-[p:INCLUDES]->(x:Item)
MATCH (s)-[q:INCLUDES]->(y:Item)
WHERE x.id < y.id AND abs(q.position - p.position) <= $window
RETURN DISTINCT x.id AS a, y.id AS b
ORDER BY a, b;
