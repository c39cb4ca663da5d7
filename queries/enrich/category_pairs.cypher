// Which categories occur together, as the graph holds it.
//
// Returns: a STRING, b STRING, weight FLOAT, sessions INTEGER; by a, then b
MATCH (a:Category)-[w:CO_OCCURS]->(b:Category)
RETURN a.id AS a, b.id AS b, w.weight AS weight, w.sessions AS sessions
ORDER BY a, b;
