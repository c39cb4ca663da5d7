// What is around one linked object, an author say: its items, what is most like them, and who had them.
//
// Needs:   ontology/write_links, ontology/write_similar
// Returns: item STRING, title STRING, users INTEGER (who have seen it), alike LIST<STRING> (titles of the most similar items of others); the most seen first, ties by item
/*
:param iri => "urn:shop#ann"
:param k => 10
*/
MATCH (n:Individual {iri: $iri})<--(i:Item)
WITH DISTINCT n, i
CALL (i) {
  OPTIONAL MATCH (u:User)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i)
  RETURN count(DISTINCT u) AS users
}
CALL (n, i) {
  OPTIONAL MATCH (i)-[similar:SIMILAR]->(other:Item)
  WHERE NOT EXISTS { (other)-->(n) }
  WITH other, max(similar.score) AS score
  ORDER BY score DESC, other.id
  RETURN collect(other.title)[..3] AS alike
}
RETURN i.id AS item, i.title AS title, users, alike
ORDER BY users DESC, item
LIMIT $k;
