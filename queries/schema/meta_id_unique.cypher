// Every fact about the database itself has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT meta_id_unique IF NOT EXISTS
FOR (m:Meta) REQUIRE m.id IS UNIQUE;
