// Begin to write what a model recommends: a run that nobody reads yet, whose packed lists go where those of the current run are not.
//
// Returns: run STRING, slot INTEGER (0 or 1); one row
/*
:param model => "popular"
:param run => "popular-4"
:param data => "shop"
:param started => 1600540000000
*/
MERGE (m:Model {id: $model})
WITH m
OPTIONAL MATCH (m)-[:CURRENT]->(current:Run)
CREATE (r:Run {
  id: $run, model: m.id, data: $data, started: $started, status: 'running', slot: 1 - coalesce(current.slot, 1)
})
RETURN r.id AS run, r.slot AS slot;
