// Link items to individuals that a shop named over HTTP, by their IRIs or their names, in place of those before.
//
// Needs:   ontology/write_links, ontology/write_attributes
// Returns: links INTEGER; one row
/*
:param rows => [{id: "101", relationship: "WRITTEN_BY", values: ["urn:shop#ann", "nobody"]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.id})
CALL (i, row) {
  OPTIONAL MATCH (i)-[old:$(row.relationship)]->(:Individual)
  DELETE old
}
CALL (i, row) {
  UNWIND row.values AS value
  MATCH (b:Individual)
  WHERE b.iri = value OR b['name'] = value
  MERGE (i)-[link:$(row.relationship)]->(b)
  RETURN count(link) AS made
}
RETURN sum(made) AS links;
