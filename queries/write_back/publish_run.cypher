// Show a finished run to the readers: the model's CURRENT moves to it in one transaction.
//
// Returns: run STRING, recommendations INTEGER; one row, none where the run is not running
/*
:param model => "popular"
:param run => "popular-3"
:param recommendations => 2
:param finished => 1600550000000
*/
MATCH (r:Run {id: $run, model: $model, status: 'running'})
MATCH (m:Model {id: $model})
OPTIONAL MATCH (m)-[old:CURRENT]->(:Run)
DELETE old
WITH DISTINCT m, r
CREATE (m)-[:CURRENT]->(r)
SET r.status = 'done', r.finished = $finished, r.recommendations = $recommendations
RETURN r.id AS run, r.recommendations AS recommendations;
