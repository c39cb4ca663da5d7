// Which users live loads marked since items were compared by their users; the marks go.
//
// Returns: users LIST<STRING>; one row
MATCH (u:User&SimilarityStale)
WITH u
ORDER BY u.id
REMOVE u:SimilarityStale
RETURN collect(u.id) AS users;
