// Every run of a model has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT run_id_unique IF NOT EXISTS
FOR (r:Run) REQUIRE r.id IS UNIQUE;
