// Which runs nobody reads any more: superseded, failed or never finished, with the recommendations they left.
//
// Returns: run STRING, model STRING, status STRING, started INTEGER (ms UTC), recommendations INTEGER; oldest first, ties by run
MATCH (r:Run)
WHERE r.model IS NOT NULL AND NOT EXISTS { (:Model)-[:CURRENT]->(r) } AND EXISTS { (:Model {id: r.model}) }
RETURN r.id AS run, r.model AS model, r.status AS status, r.started AS started,
  COUNT { (:User)-[:RECOMMENDED {run: r.id}]->(:Item) } AS recommendations
ORDER BY started, run;
