// What some users did with which items: their aggregated edges.
//
// Returns: user STRING, edges LIST<LIST> (item, type, count, first, last); by user
/*
:param users => ["1", "2"]
*/
UNWIND $users AS user
MATCH (u:User {id: user})-[r:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH u, r, i
ORDER BY u.id, i.id, type(r)
RETURN u.id AS user, collect([i.id, type(r), r.count, r.first, r.last]) AS edges
ORDER BY user;
