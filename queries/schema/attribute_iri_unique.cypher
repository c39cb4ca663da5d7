// Every attribute of the ontology has an IRI of its own.
//
// Returns: nothing
CREATE CONSTRAINT attribute_iri_unique IF NOT EXISTS
FOR (a:Attribute) REQUIRE a.iri IS UNIQUE;
