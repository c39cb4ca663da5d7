// Write the links of one kind between individuals, and mark those that no triple states.
//
// Needs:   ontology/write_items, ontology/write_individuals
// Returns: links INTEGER; one row
/*
:param type => "WRITTEN_BY"
:param rows => [{from: "urn:shop#kettle", to: "urn:shop#ann", inferred: null}, {from: "urn:shop#pan", to: "urn:shop#ann", inferred: true}]
*/
UNWIND $rows AS row
MATCH (a:Individual {iri: row.from})
MATCH (b:Individual {iri: row.to})
MERGE (a)-[link:$($type)]->(b)
SET link.inferred = row.inferred
RETURN count(link) AS links;
