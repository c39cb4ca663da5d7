// Which steps of the enrichment have run, and what has changed since each of them.
//
// Returns: step STRING, run STRING, status STRING, finished INTEGER (ms UTC), written INTEGER, options STRING (null: those of the load), stale STRING (why; null where nothing has changed), whole INTEGER (ms UTC: when it last worked on the whole shop); by step
CALL () {
  MATCH (l:Load)
  RETURN count(l) AS loads, coalesce(max(l.finished), 0) AS loaded
}
MATCH (r:Run)
WHERE r.step IS NOT NULL
WITH r, loads <> r.loads OR loaded <> r.loaded AS loaded_since, COLLECT {
    MATCH (input:Run)
    WHERE input.step IN r.reads AND NOT input.id IN coalesce(r.inputs, [])
    RETURN input.step AS step
    ORDER BY step
  } AS ran_since
RETURN r.step AS step, r.id AS run, r.status AS status, r.finished AS finished, r.written AS written, r.options AS options,
  CASE
    WHEN r.status = 'running' THEN 'never finished'
    WHEN loaded_since THEN 'data was loaded since'
    WHEN size(ran_since) > 0 THEN 'ran since: ' + reduce(names = ran_since[0], name IN ran_since[1 ..] | names + ', ' + name)
  END AS stale, r.whole AS whole
ORDER BY step;
