// Write the attributes that an ontology declares, and forget those of a former one.
//
// Returns: attributes INTEGER; one row
/*
:param rows => [{iri: "urn:shop#year", name: "year", label: "publication year", kind: "Numeric", compared: true, property: "year", relationship: null, classes: ["Book"]}, {iri: "urn:shop#writtenBy", name: "writtenBy", label: "author", kind: "Linked", compared: true, property: null, relationship: "WRITTEN_BY", classes: ["Book"]}]
*/
CALL () {
  MATCH (old:Attribute)
  WHERE NOT old.iri IN [row IN $rows | row.iri]
  DETACH DELETE old
}
UNWIND $rows AS row
MERGE (a:Attribute {iri: row.iri})
SET a += row
RETURN count(a) AS attributes;
