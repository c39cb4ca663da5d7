// Which users buy most. A borrowed book counts as bought.
//
// Source:  figure 7 of the PRE-ADDL paper
// Returns: user STRING, purchases INTEGER, items INTEGER (different ones); most purchases first, ties by user
/*
:param k => 5
*/
MATCH (u:User)-[b:BOUGHT|BORROWED]->(i:Item)
WITH u, sum(b.count) AS purchases, count(DISTINCT i) AS items
RETURN u.id AS user, purchases, items
ORDER BY purchases DESC, user
LIMIT $k;
