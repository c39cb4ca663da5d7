// Which items the next users after one of them have seen, of users who did several things, packed into lists.
//
// Returns: users LIST<STRING>, sizes LIST<INTEGER>, items LIST<LIST<STRING>>; one row, users by id, the items of each once for every way in which the user met them
/*
:param after => ""
:param k => 3
:param least_items => 4
*/
MATCH (u:User)
WHERE u.id > $after AND COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items
WITH u
ORDER BY u.id
LIMIT $k
WITH u.id AS user, COLLECT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i) RETURN i.id } AS seen
RETURN collect(user) AS users, collect(size(seen)) AS sizes, collect(seen) AS items;
