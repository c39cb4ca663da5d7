// With which others the next categories after one of them occur, packed into lists.
//
// Returns: ids LIST<STRING>, source LIST<INTEGER> (place in ids), targets LIST<STRING>, weights LIST<FLOAT>, sessions LIST<INTEGER>; one row, by source and target
/*
:param after => ""
:param k => 2
*/
MATCH (n:Category)
WHERE n.id > $after
WITH n
ORDER BY n.id
LIMIT $k
WITH collect(n) AS nodes
CALL (nodes) {
  UNWIND range(0, size(nodes) - 1) AS place
  WITH place, nodes[place] AS n
  MATCH (n)-[r:CO_OCCURS]->(m:Category)
  WITH place, r, m
  ORDER BY place, m.id
  RETURN collect(place) AS source, collect(m.id) AS targets, collect(coalesce(r.weight, 0.0 / 0.0)) AS weights, collect(coalesce(r.sessions, 0)) AS sessions
}
RETURN [n IN nodes | n.id] AS ids, source, targets, weights, sessions;
