// Which runs of a model are not the one that its readers see.
//
// Returns: run STRING, status STRING; by run
/*
:param model => "popular"
*/
MATCH (r:Run)
WHERE r.model = $model AND NOT EXISTS { (:Model {id: $model})-[:CURRENT]->(r) }
RETURN r.id AS run, r.status AS status
ORDER BY run;
