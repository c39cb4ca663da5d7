// When the nightly pipeline got through last, and how many runs have failed since.
//
// Returns: run STRING, started INTEGER, finished INTEGER (ms UTC), failed_since INTEGER; one row, none where no run got through
MATCH (p:PipelineRun {status: 'done'})
WITH p
ORDER BY p.started DESC, p.id
LIMIT 1
RETURN
  p.id AS run, p.started AS started, p.finished AS finished,
  COUNT { MATCH (later:PipelineRun) WHERE later.started > p.started AND later.status <> 'running' } AS failed_since;
