// Keep the triples that speak of no individual (classes, properties, annotations), in place of those kept before.
//
// Returns: nodes INTEGER; one row
/*
:param rows => [{id: "ontology/0", triples: ["<urn:shop#Book> <urn:shop#note> \"a class\" ."], languages: ["en"]}]
*/
CALL () {
  MATCH (old:Meta)
  WHERE old.id STARTS WITH 'ontology/'
  DELETE old
}
UNWIND $rows AS row
MERGE (m:Meta {id: row.id})
SET m.triples = row.triples, m.languages = row.languages
RETURN count(m) AS nodes;
