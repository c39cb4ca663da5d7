// Which run each model's readers see at present.
//
// Returns: model STRING, run STRING, status STRING, started INTEGER, finished INTEGER (ms UTC), recommendations INTEGER, edges INTEGER (of them; the others stand as lists on users); by model
MATCH (m:Model)-[:CURRENT]->(r:Run)
RETURN m.id AS model, r.id AS run, r.status AS status, r.started AS started, r.finished AS finished,
  r.recommendations AS recommendations, COUNT { (:User)-[:RECOMMENDED {run: r.id}]->(:Item) } AS edges
ORDER BY model;
