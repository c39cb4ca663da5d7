// Which version of a model is asked and served.
//
// Returns: model STRING, version STRING, trained INTEGER (milliseconds), data_hash STRING, options STRING, figures STRING, sha256 STRING, format INTEGER; one row, none where no version is
/*
:param model => "popular"
*/
MATCH (m:Model {id: $model})-[:CURRENT_VERSION]->(v:ModelVersion)
RETURN
  m.id AS model, v.id AS version, v.trained AS trained, v.data_hash AS data_hash, v.options AS options,
  v.figures AS figures, v.sha256 AS sha256, v.format AS format;
