// Which items the next users after one of them met, of users who met several, packed into lists.
//
// Returns: last LIST<STRING> (the last of the users looked at), sizes LIST<INTEGER> (items of each user who met enough), items LIST<LIST<STRING>>; one row, users by id, their items by id. The lists are empty after the last user.
/*
:param after => ""
:param k => 3
:param least_items => 4
*/
MATCH (u:User)
WHERE u.id > $after
WITH u
ORDER BY u.id
LIMIT $k
WITH collect(u) AS users
CALL (users) {
  UNWIND users AS u
  WITH u
  WHERE COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items
  CALL (u) {
    MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
    WITH DISTINCT i.id AS id
    ORDER BY id
    RETURN collect(id) AS met
  }
  WITH u, met
  WHERE size(met) >= $least_items
  WITH u, met
  ORDER BY u.id
  RETURN collect(size(met)) AS sizes, collect(met) AS items
}
RETURN [u IN users[-1 ..] | u.id] AS last, sizes, items;
