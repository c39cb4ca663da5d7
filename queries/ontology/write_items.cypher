// Write individuals of the class that is recommended: items, with the labels and properties that the ontology gives them; those that were not there before are marked.
//
// Returns: items INTEGER; one row
/*
:param rows => [{id: "101", iri: "urn:shop#kettle", labels: ["Book"], properties: {title: "Copper kettle", year: 1922, types: ["urn:shop#Book"], exact: null, ontology_load: "1"}}, {id: "102", iri: "urn:shop#pan", labels: ["Book"], properties: {title: "Iron pan", year: 1924, types: ["urn:shop#Book"], exact: null, ontology_load: "1"}}, {id: "103", iri: "urn:shop#pot", labels: ["Book"], properties: {title: "Iron pot", year: null, types: ["urn:shop#Book"], exact: null, ontology_load: "1"}}]
*/
UNWIND $rows AS row
MERGE (i:Item {id: row.id})
ON CREATE SET i:OfOntology
SET i:Individual, i:$(row.labels), i.iri = row.iri, i += row.properties
RETURN count(i) AS items;
