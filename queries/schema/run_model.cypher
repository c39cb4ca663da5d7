// The runs of one model are found without reading those of the others.
//
// Returns: nothing
CREATE RANGE INDEX run_model IF NOT EXISTS
FOR (r:Run) ON (r.model);
