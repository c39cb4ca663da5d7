// Which items some users have seen, packed into lists.
//
// Returns: users LIST<STRING>, sizes LIST<INTEGER>, items LIST<LIST<STRING>>; one row, users by id, the items of each once for every way in which the user met them
/*
:param users => ["3", "5"]
*/
UNWIND $users AS id
MATCH (u:User {id: id})
WITH u
ORDER BY u.id
WITH u.id AS user, COLLECT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i) RETURN i.id } AS seen
RETURN collect(user) AS users, collect(size(seen)) AS sizes, collect(seen) AS items;
