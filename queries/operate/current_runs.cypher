// Which run each model's readers see at present.
//
// Returns: model STRING, run STRING, status STRING, started INTEGER, finished INTEGER (ms UTC), recommendations INTEGER; by model
MATCH (m:Model)-[:CURRENT]->(r:Run)
RETURN m.id AS model, r.id AS run, r.status AS status, r.started AS started, r.finished AS finished,
  COUNT { (:User)-[:RECOMMENDED {run: r.id}]->(:Item) } AS recommendations
ORDER BY model;
