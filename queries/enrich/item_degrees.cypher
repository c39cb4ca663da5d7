// How many items were met by how many users, among users who met several.
//
// Returns: users INTEGER, items INTEGER (met by exactly so many); fewest users first
/*
:param least_items => 2
:param least_users => 2
*/
MATCH (u:User)
WHERE COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i } >= $least_items
MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH i, count(DISTINCT u) AS users
WHERE users >= $least_users
RETURN users, count(i) AS items
ORDER BY users;
