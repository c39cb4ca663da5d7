// Which items are most like one by their attributes, and what both have: the same linked objects and properties.
//
// Needs:   ontology/write_links, ontology/write_similar, ontology/write_attributes
// Returns: item STRING, title STRING, score FLOAT, linked LIST<STRING> (linked objects of both), same LIST<STRING> (properties of equal value); the best first, ties by item
/*
:param item => "101"
:param measure => "EED-1"
:param k => 5
*/
MATCH (i:Item {id: $item})-[similar:SIMILAR {measure: $measure}]->(other:Item)
CALL (i, other) {
  OPTIONAL MATCH (i)-[one]->(shared:Individual)<-[another]-(other)
  WHERE type(one) = type(another) AND type(one) <> 'SIMILAR'
  WITH shared
  ORDER BY shared.name
  RETURN collect(DISTINCT shared.name) AS linked
}
CALL (i, other) {
  OPTIONAL MATCH (a:Attribute)
  WHERE a.iri > '' AND i[a.property] = other[a.property]
  WITH a
  ORDER BY a.name
  RETURN collect(a.label) AS same
}
RETURN other.id AS item, other.title AS title, similar.score AS score, linked, same
ORDER BY score DESC, item
LIMIT $k;
