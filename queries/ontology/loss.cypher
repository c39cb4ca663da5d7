// How many individuals the graph holds, and how many of them an ontology with these would write again.
//
// Needs:   ontology/write_items, ontology/write_individuals
// Returns: held INTEGER, again INTEGER; one row
/*
:param iris => ["urn:shop#kettle", "urn:shop#new"]
*/
MATCH (n:Individual)
RETURN count(n) AS held, count(CASE WHEN n.iri IN $iris THEN 1 END) AS again;
