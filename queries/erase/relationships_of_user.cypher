// What a user did with items in sum, which categories the user prefers, and what was recommended.
//
// Returns: relationship STRING, id STRING (of the item or category), properties MAP; by relationship and id
/*
:param user => "3"
*/
MATCH (:User {id: $user})-[r:VIEWED|CARTED|BOUGHT|BORROWED|PREFERS|RECOMMENDED]->(n:Item|Category)
RETURN type(r) AS relationship, n.id AS id, properties(r) AS properties
ORDER BY relationship, id, coalesce(r.run, '');
