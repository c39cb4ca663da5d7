// Which categories each user prefers, packed into one row a user.
//
// Needs:   enrich/user_category_preferences
// Returns: user_id STRING, categories LIST<STRING>, frequencies LIST<FLOAT>, ranked BOOLEAN (whether categories rank for the user); by user
MATCH (u:User)-[p:PREFERS]->(c:Category)
WHERE p.frequency > 0
WITH u, c, p
ORDER BY u.id, c.id
WITH u, collect(c.id) AS categories, collect(p.frequency) AS frequencies, count(p.pagerank) > 0 AS ranked
RETURN u.id AS user_id, categories, frequencies, ranked
ORDER BY user_id;
