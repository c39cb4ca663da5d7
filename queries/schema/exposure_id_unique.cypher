// Every count of what was shown has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT exposure_id_unique IF NOT EXISTS
FOR (e:Exposure) REQUIRE e.id IS UNIQUE;
