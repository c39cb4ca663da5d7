// Which runs are out of date: recommendations that nobody reads any more, and steps of the enrichment that would give something else today.
//
// Returns: run STRING, of STRING (the model or the step), status STRING, started INTEGER (ms UTC), recommendations INTEGER, why STRING; oldest first, ties by run
CALL () {
  MATCH (l:Load)
  RETURN count(l) AS loads, coalesce(max(l.finished), 0) AS loaded
}
MATCH (r:Run)
WITH r, loads <> r.loads OR loaded <> r.loaded AS loaded_since, COLLECT {
    MATCH (input:Run)
    WHERE input.step IN r.reads AND NOT input.id IN coalesce(r.inputs, [])
    RETURN input.step AS step
    ORDER BY step
  } AS ran_since
WITH r, CASE
    WHEN r.step IS NULL AND EXISTS { (:Model {id: r.model}) } AND NOT EXISTS { (:Model)-[:CURRENT]->(r) } THEN 'not the current run'
    WHEN r.step IS NOT NULL AND r.status = 'running' THEN 'never finished'
    WHEN loaded_since THEN 'data was loaded since'
    WHEN size(ran_since) > 0 THEN 'ran since: ' + reduce(names = ran_since[0], name IN ran_since[1 ..] | names + ', ' + name)
  END AS why
WHERE why IS NOT NULL
RETURN r.id AS run, coalesce(r.step, r.model) AS of, r.status AS status, r.started AS started,
  COUNT { (:User)-[:RECOMMENDED {run: r.id}]->(:Item) } AS recommendations, why
ORDER BY started, run;
