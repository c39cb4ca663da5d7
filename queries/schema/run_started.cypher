// Runs are listed by the time at which they started.
//
// Returns: nothing
CREATE RANGE INDEX run_started IF NOT EXISTS
FOR (r:Run) ON (r.started);
