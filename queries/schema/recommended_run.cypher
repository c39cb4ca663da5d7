// The recommendations of a run are found without reading the others.
//
// Returns: nothing
CREATE RANGE INDEX recommended_run IF NOT EXISTS
FOR ()-[r:RECOMMENDED]-() ON (r.run);
