// Note that a step of the enrichment begins, and what it sees: how many loads there are and which runs wrote what it reads.
//
// Returns: run STRING, partly BOOLEAN (whether the step ran to its end with these options, and since then only live loads came that marked what they changed); one row. The note of the step's former run goes.
/*
:param step => "pagerank"
:param run => "pagerank-2"
:param options => "{}"
:param reads => ["co-occurrence"]
:param started => 1600600000000
*/
OPTIONAL MATCH (l:Load)
WITH count(l) AS loads, coalesce(max(l.finished), 0) AS loaded,
  count(CASE WHEN coalesce(l.marked, false) THEN null ELSE l END) AS unmarked,
  coalesce(max(CASE WHEN coalesce(l.marked, false) THEN null ELSE l.finished END), 0) AS unmarked_loaded
OPTIONAL MATCH (input:Run)
WHERE input.step IN $reads
WITH loads, loaded, unmarked, unmarked_loaded, collect(input.id) AS inputs
OPTIONAL MATCH (old:Run {step: $step})
WITH loads, loaded, unmarked, unmarked_loaded, inputs, collect(old) AS former
WITH loads, loaded, unmarked, unmarked_loaded, inputs, former, size(former) = 1 AND all(old IN former
  WHERE old.status = 'done' AND coalesce(old.options, $options) = $options
  AND coalesce(old.unmarked, old.loads) = unmarked AND coalesce(old.unmarked_loaded, old.loaded) = unmarked_loaded) AS partly
FOREACH (old IN former | DETACH DELETE old)
CREATE (r:Run {
  id: $run, step: $step, status: 'running', started: $started,
  options: $options, reads: $reads, inputs: inputs, loads: loads, loaded: loaded,
  unmarked: unmarked, unmarked_loaded: unmarked_loaded
})
RETURN r.id AS run, partly;
