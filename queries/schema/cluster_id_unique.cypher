// Every cluster has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT cluster_id_unique IF NOT EXISTS
FOR (c:Cluster) REQUIRE c.id IS UNIQUE;
