// Every model has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT model_id_unique IF NOT EXISTS
FOR (m:Model) REQUIRE m.id IS UNIQUE;
