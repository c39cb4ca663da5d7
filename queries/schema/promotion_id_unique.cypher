// Every promotion has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT promotion_id_unique IF NOT EXISTS
FOR (p:Promotion) REQUIRE p.id IS UNIQUE;
