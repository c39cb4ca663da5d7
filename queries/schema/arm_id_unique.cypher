// Every arm of an experiment has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT arm_id_unique IF NOT EXISTS
FOR (a:Arm) REQUIRE a.id IS UNIQUE;
