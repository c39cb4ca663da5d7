// How many sessions ended longer before the last event than a number of days, and the moment that this is.
//
// Returns: sessions INTEGER, before INTEGER (ms UTC); one row, before null where no session has a time
/*
:param days => 1
*/
OPTIONAL MATCH (s:Session)
WITH max(s.ended) - $days * 86400000 AS before
RETURN COUNT { MATCH (s:Session) WHERE s.ended < before } AS sessions, before;
