// Every individual of an ontology has an IRI of its own.
//
// Returns: nothing
CREATE CONSTRAINT individual_iri_unique IF NOT EXISTS
FOR (n:Individual) REQUIRE n.iri IS UNIQUE;
