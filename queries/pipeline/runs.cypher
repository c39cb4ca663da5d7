// What became of the latest runs of the nightly pipeline, and which version each has published.
//
// Returns: run STRING, started INTEGER (ms UTC), minutes FLOAT, status STRING (running, done, stopped, failed or abandoned), verdict STRING, published STRING; the latest first, ties by run
/*
:param k => 14
*/
MATCH (p:PipelineRun)
RETURN
  p.id AS run, p.started AS started, (p.finished - p.started) / 60000.0 AS minutes, p.status AS status, p.verdict AS verdict,
  COLLECT { MATCH (p)-[:PUBLISHED]->(v:ModelVersion) RETURN v.id AS version ORDER BY version }[0] AS published
ORDER BY started DESC, run
LIMIT $k;
