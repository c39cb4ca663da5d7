// Every author has an IRI of their own.
//
// Returns: nothing
CREATE CONSTRAINT author_iri_unique IF NOT EXISTS
FOR (a:Author) REQUIRE a.iri IS UNIQUE;
