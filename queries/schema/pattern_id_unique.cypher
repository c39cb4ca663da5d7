// Every sequential pattern has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT pattern_id_unique IF NOT EXISTS
FOR (p:Pattern) REQUIRE p.id IS UNIQUE;
