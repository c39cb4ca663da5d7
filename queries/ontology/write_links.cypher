// Write the links of one kind between individuals.
//
// Needs:   ontology/write_items, ontology/write_individuals
// Returns: links INTEGER; one row
/*
:param type => "WRITTEN_BY"
:param rows => [{from: "urn:shop#kettle", to: "urn:shop#ann"}, {from: "urn:shop#pan", to: "urn:shop#ann"}]
*/
UNWIND $rows AS row
MATCH (a:Individual {iri: row.from})
MATCH (b:Individual {iri: row.to})
MERGE (a)-[link:$($type)]->(b)
RETURN count(link) AS links;
