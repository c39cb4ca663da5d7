// Delete the record of a version, the current one of its model too.
//
// Returns: deleted INTEGER; one row
/*
:param model => "popular"
:param version => "popular-v2"
*/
MATCH (:Model {id: $model})-[:HAS_VERSION]->(v:ModelVersion {id: $version})
DETACH DELETE v
RETURN count(*) AS deleted;
