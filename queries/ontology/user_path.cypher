// Which items one user saw, in order, and what links each to the one before: linked objects of both, and similarity.
//
// Needs:   ontology/write_links, ontology/write_similar
// Returns: at INTEGER, item STRING, title STRING, linked LIST<STRING> (objects that it shares with the item before), score FLOAT (similarity to the item before, null where it is no neighbour); in the order of events
/*
:param user => "1"
*/
MATCH (:User {id: $user})-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
WITH s, e, i
ORDER BY s.started, s.id, e.position
WITH collect({at: e.at, item: i}) AS path
UNWIND range(0, size(path) - 1) AS n
WITH n, path[n].at AS at, path[n].item AS i, CASE WHEN n > 0 THEN path[n - 1].item END AS before
CALL (i, before) {
  OPTIONAL MATCH (before)-[one]->(shared:Individual)<-[another]-(i)
  WHERE type(one) = type(another) AND type(one) <> 'SIMILAR'
  WITH shared
  ORDER BY shared.name
  RETURN collect(DISTINCT shared.name) AS linked
}
CALL (i, before) {
  OPTIONAL MATCH (before)-[similar:SIMILAR]->(i)
  RETURN max(similar.score) AS score
}
RETURN at, i.id AS item, i.title AS title, linked, score
ORDER BY n;
