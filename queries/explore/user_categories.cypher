// Which categories one user prefers.
//
// Needs:   enrich/user_category_preferences
// Returns: category STRING, code STRING, frequency FLOAT, score FLOAT; the best score first, ties by category
/*
:param user => "1"
:param k => 10
*/
MATCH (:User {id: $user})-[p:PREFERS]->(c:Category)
RETURN c.id AS category, c.code AS code, p.frequency AS frequency, p.score AS score
ORDER BY score DESC, category
LIMIT $k;
