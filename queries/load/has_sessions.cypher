// Whether the graph has any sessions.
//
// Returns: sessions INTEGER; one row
MATCH (n:Session)
RETURN count(n) AS sessions;
