// Which items each user met who met several, packed into lists.
//
// Needs:   enrich/mark_several_items
// Returns: sizes LIST<INTEGER> (items of each user who met enough), items LIST<LIST<STRING>> (by id); a row for every so many users who are marked, or of all where one item is enough, by user among these
/*
:param k => 10
:param least_items => 4
*/
CALL () {
  WITH $least_items AS least
  WHERE least > 1
  MATCH (u:User&SeveralItems)
  RETURN collect(u) AS users
  UNION ALL
  WITH $least_items AS least
  WHERE least < 2
  MATCH (u:User)
  RETURN collect(u) AS users
}
WITH users
WHERE size(users) > 0 // range(0, -1, 10) is [0]
UNWIND range(0, size(users) - 1, $k) AS first
CALL (users, first) {
  UNWIND users[first .. first + $k] AS u
  WITH u
  ORDER BY u.id
  WITH u, COLLECT {
    MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i)
    WITH DISTINCT i.id AS id
    ORDER BY id
    RETURN id
  } AS met
  WHERE size(met) >= $least_items
  RETURN collect(met) AS items
}
RETURN [met IN items | size(met)] AS sizes, items;
