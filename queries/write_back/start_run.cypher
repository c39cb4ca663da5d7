// Begin to write what a model recommends: a run that nobody reads yet.
//
// Returns: run STRING; one row
/*
:param model => "popular"
:param run => "popular-4"
:param data => "shop"
:param started => 1600540000000
*/
MERGE (m:Model {id: $model})
CREATE (r:Run {id: $run, model: m.id, data: $data, started: $started, status: 'running'})
RETURN r.id AS run;
