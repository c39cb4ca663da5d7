// Note that a step of the enrichment begins, and what it sees: how many loads there are and which runs wrote what it reads.
//
// Returns: run STRING; one row. The note of the step's former run goes.
/*
:param step => "pagerank"
:param run => "pagerank-2"
:param options => "{}"
:param reads => ["co-occurrence"]
:param started => 1600600000000
*/
OPTIONAL MATCH (l:Load)
WITH count(l) AS loads, coalesce(max(l.finished), 0) AS loaded
OPTIONAL MATCH (input:Run)
WHERE input.step IN $reads
WITH loads, loaded, collect(input.id) AS inputs
OPTIONAL MATCH (old:Run {step: $step})
DETACH DELETE old
WITH DISTINCT loads, loaded, inputs
CREATE (r:Run {
  id: $run, step: $step, status: 'running', started: $started,
  options: $options, reads: $reads, inputs: inputs, loads: loads, loaded: loaded
})
RETURN r.id AS run;
