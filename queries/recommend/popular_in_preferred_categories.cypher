// Which items that one user has not seen are popular in the categories that the user prefers.
//
// Needs:   enrich/user_category_preferences
// Returns: item STRING, title STRING, category STRING, score FLOAT (share of the user's preference × share of the category's events); the best first, ties by item; without items that are known to be unavailable
/*
:param user => "3"
:param k => 5
*/
MATCH (u:User {id: $user})-[p:PREFERS]->(c:Category)
WITH u, collect({category: c, score: p.score}) AS preferences, sum(p.score) AS total
UNWIND preferences AS preference
WITH u, preference.category AS c, preference.score / total AS share
CALL (u, c) {
  MATCH (c)<-[:IN_CATEGORY]-(i:Item)
  WHERE i.popularity > 0
  WITH u, collect(i) AS items, sum(i.popularity) AS events
  UNWIND items AS i
  WITH u, i, events
  WHERE NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i) } AND coalesce(i.available, true)
  RETURN i, toFloat(i.popularity) / events AS popularity
}
WITH i, c, share * popularity AS part
ORDER BY part DESC, c.id
WITH i, collect(c.id)[0] AS category, sum(part) AS score
RETURN i.id AS item, i.title AS title, category, score
ORDER BY score DESC, item
LIMIT $k;
