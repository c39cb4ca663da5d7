// Sessions of a period are found by the time at which they started.
//
// Returns: nothing
CREATE RANGE INDEX session_started IF NOT EXISTS
FOR (s:Session) ON (s.started);
