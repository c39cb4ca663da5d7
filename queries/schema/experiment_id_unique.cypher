// Every experiment has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT experiment_id_unique IF NOT EXISTS
FOR (x:Experiment) REQUIRE x.id IS UNIQUE;
