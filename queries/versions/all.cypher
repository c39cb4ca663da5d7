// Which versions of which models were trained, and which of them is asked and served.
//
// Returns: model STRING, version STRING, current BOOLEAN, trained INTEGER (milliseconds), data_hash STRING, options STRING, figures STRING, sha256 STRING, format INTEGER; by model, the latest first, ties by version
MATCH (m:Model)-[:HAS_VERSION]->(v:ModelVersion)
RETURN
  m.id AS model, v.id AS version, EXISTS { (m)-[:CURRENT_VERSION]->(v) } AS current, v.trained AS trained,
  v.data_hash AS data_hash, v.options AS options, v.figures AS figures, v.sha256 AS sha256, v.format AS format
ORDER BY model, trained DESC, version;
