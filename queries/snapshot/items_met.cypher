// Which items the next users after one of them have seen, of users who have seen several, packed into lists.
//
// Returns: last LIST<STRING> (the last of the users looked at, who did several things), sizes LIST<INTEGER> (items of each user who has seen enough), items LIST<LIST<STRING>>; one row, users by id, their items by id. The lists are empty after the last user.
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
WITH u, COLLECT {
  MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i)
  WITH DISTINCT i.id AS id
  ORDER BY id
  RETURN id
} AS seen
WITH collect(u.id)[-1 ..] AS last, collect(CASE WHEN size(seen) >= $least_items THEN seen END) AS items
RETURN last, [seen IN items | size(seen)] AS sizes, items;
