// Which categories the next users after one of them prefer, packed into lists.
//
// Needs:   enrich/user_category_preferences
// Returns: ids LIST<STRING> (of users), user LIST<INTEGER> (place in ids), categories LIST<STRING>, frequencies LIST<FLOAT>, pageranks LIST<FLOAT> (NaN where unknown), scores LIST<FLOAT>; one row, by user and category
/*
:param after => ""
:param k => 1
*/
MATCH (u:User)
WHERE u.id > $after
WITH u
ORDER BY u.id
LIMIT $k
WITH collect(u) AS users
CALL (users) {
  UNWIND range(0, size(users) - 1) AS place
  WITH place, users[place] AS u
  MATCH (u)-[r:PREFERS]->(c:Category)
  WITH place, r, c
  ORDER BY place, c.id
  RETURN collect(place) AS user, collect(c.id) AS categories, collect(coalesce(r.frequency, 0.0 / 0.0)) AS frequencies,
    collect(coalesce(r.pagerank, 0.0 / 0.0)) AS pageranks, collect(coalesce(r.score, 0.0 / 0.0)) AS scores
}
RETURN [u IN users | u.id] AS ids, user, categories, frequencies, pageranks, scores;
