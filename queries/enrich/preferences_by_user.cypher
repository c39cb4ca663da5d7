// Which categories each user prefers, packed into lists.
//
// Needs:   enrich/user_category_preferences
// Returns: users LIST<STRING>, categories LIST<LIST<STRING>>, frequencies LIST<LIST<FLOAT>>, ranked LIST<BOOLEAN> (whether categories rank for the user); one row, users by id, the categories of each by id
MATCH (u:User)-[p:PREFERS]->(c:Category)
WHERE p.frequency > 0
WITH u, c, p
ORDER BY u.id, c.id
WITH u, collect(c.id) AS categories, collect(p.frequency) AS frequencies, count(p.pagerank) > 0 AS ranked
ORDER BY u.id
RETURN collect(u.id) AS users, collect(categories) AS categories, collect(frequencies) AS frequencies, collect(ranked) AS ranked;
