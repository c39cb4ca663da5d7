// Which versions the arms of running experiments name: those are kept.
//
// Needs:   serving/put_experiment
// Returns: version STRING; by version
MATCH (x:Experiment)-[:HAS_ARM]->(a:Arm)
WHERE x.ended IS NULL
MATCH (v:ModelVersion {id: a.name})
RETURN DISTINCT v.id AS version
ORDER BY version;
