// Users who were active lately are found by the time at which they were last seen.
//
// Returns: nothing
CREATE RANGE INDEX user_last_seen IF NOT EXISTS
FOR (u:User) ON (u.last_seen);
