// Sessions whose id is not that of their source are found by the source's.
//
// Returns: nothing
CREATE RANGE INDEX session_named IF NOT EXISTS
FOR (s:Session) ON (s.named);
