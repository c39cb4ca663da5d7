// Every loaded batch has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT load_id_unique IF NOT EXISTS
FOR (l:Load) REQUIRE l.id IS UNIQUE;
