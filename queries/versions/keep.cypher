// Record a trained version of a model whose files are in place and, where `current` is true, make it the one that is asked and served.
//
// Returns: version STRING, current BOOLEAN; one row. Recording a version again changes nothing but what is current.
/*
:param model => "popular"
:param version => "popular-v3"
:param facts => ({options: "{}", data_hash: "d3", trained: 1600600000000, figures: "{}", sha256: "cc", format: 1})
:param current => true
*/
MERGE (m:Model {id: $model})
// Takes the node's lock: of two writers, one moves CURRENT_VERSION after the other.
SET m.id = $model
MERGE (v:ModelVersion {id: $version})
SET v += $facts
MERGE (m)-[:HAS_VERSION]->(v)
WITH m, v
OPTIONAL MATCH (m)-[old:CURRENT_VERSION]->(:ModelVersion)
WHERE $current
DELETE old
WITH DISTINCT m, v
FOREACH (_ IN CASE WHEN $current THEN [1] ELSE [] END | CREATE (m)-[:CURRENT_VERSION]->(v))
RETURN v.id AS version, $current AS current;
