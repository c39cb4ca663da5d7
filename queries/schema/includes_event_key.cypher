// An event is found by its key, so that it is loaded once.
//
// Returns: nothing
CREATE RANGE INDEX includes_event_key IF NOT EXISTS
FOR ()-[r:INCLUDES]-() ON (r.event_key);
