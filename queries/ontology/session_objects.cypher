// Which items one session saw, in order, and which objects each is linked to.
//
// Source:  Session extension of the ontology-based relational recommender; without `linked` the session is one of target objects alone
// Needs:   ontology/write_links
// Returns: position INTEGER, item STRING, iri STRING, properties MAP, linked LIST<MAP> (relation, iri, name, labels, properties); first the smallest position
/*
:param session => "1-0"
:param extended => true
*/
MATCH (:Session {id: $session})-[e:INCLUDES]->(i:Item)
WITH i, min(e.position) AS position
CALL (i) {
  OPTIONAL MATCH (i)-[link]->(n:Individual)
  WHERE $extended AND NOT n:Item
  WITH link, n
  ORDER BY type(link), n.iri
  RETURN [row IN collect({
    relation: type(link), iri: n.iri, name: n.name, labels: labels(n), properties: properties(n)
  }) WHERE row.iri IS NOT NULL] AS linked
}
RETURN position, i.id AS item, i.iri AS iri, properties(i) AS properties, linked
ORDER BY position;
