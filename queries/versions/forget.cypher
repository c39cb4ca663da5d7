// Delete the record of a version that is not the current one.
//
// Returns: deleted INTEGER; one row
/*
:param model => "popular"
:param version => "popular-v1"
*/
MATCH (m:Model {id: $model})-[:HAS_VERSION]->(v:ModelVersion {id: $version})
WHERE NOT EXISTS { (m)-[:CURRENT_VERSION]->(v) }
DETACH DELETE v
RETURN count(*) AS deleted;
