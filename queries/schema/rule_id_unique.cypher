// Every rule has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT rule_id_unique IF NOT EXISTS
FOR (r:Rule) REQUIRE r.id IS UNIQUE;
