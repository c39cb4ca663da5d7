// How many sessions have how many events.
//
// Returns: events INTEGER, sessions INTEGER; shortest first
MATCH (s:Session)
WITH s.length AS events, count(s) AS sessions
RETURN events, sessions
ORDER BY events;
