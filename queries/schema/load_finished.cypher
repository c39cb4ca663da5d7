// Loads are listed by the time at which they finished.
//
// Returns: nothing
CREATE RANGE INDEX load_finished IF NOT EXISTS
FOR (l:Load) ON (l.finished);
