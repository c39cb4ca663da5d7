// Write individuals of classes that items are linked to: authors, directors.
//
// Returns: individuals INTEGER; one row
/*
:param rows => [{iri: "urn:shop#ann", labels: ["Author"], properties: {name: "Ann", born: 1880, types: ["urn:shop#Author"], exact: null, ontology_load: "1"}}]
*/
UNWIND $rows AS row
MERGE (n:Individual {iri: row.iri})
SET n:$(row.labels), n += row.properties
RETURN count(n) AS individuals;
