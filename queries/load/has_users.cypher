// Whether the graph has any users.
//
// Returns: users INTEGER; one row
MATCH (n:User)
RETURN count(n) AS users;
