// Every trained version of a model has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT model_version_id_unique IF NOT EXISTS
FOR (v:ModelVersion) REQUIRE v.id IS UNIQUE;
