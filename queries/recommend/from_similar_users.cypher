// Which items that one user has not seen were seen by the users most like that one.
//
// Source:  user-based collaborative filtering, cosine of the sets of items; Sarwar et al. 2000
// Returns: item STRING, title STRING, score FLOAT (Σ cosine of the users), users INTEGER; the best first, ties by item; without items that are known to be unavailable
/*
:param user => "3"
:param neighbours => 20
:param k => 5
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(seen:Item)
WITH u, collect(DISTINCT seen) AS items
UNWIND items AS seen
MATCH (seen)<-[:VIEWED|CARTED|BOUGHT|BORROWED]-(other:User)
WHERE other <> u
WITH u, items, other, count(DISTINCT seen) AS shared
WITH u, items, other,
  shared / sqrt(size(items) * COUNT { MATCH (other)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item) RETURN DISTINCT i }) AS cosine
ORDER BY cosine DESC, other.id
LIMIT $neighbours
MATCH (other)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(item:Item)
WHERE NOT item IN items AND coalesce(item.available, true)
WITH DISTINCT other, cosine, item
WITH item, sum(cosine) AS score, count(other) AS users
RETURN item.id AS item, item.title AS title, score, users
ORDER BY score DESC, item
LIMIT $k;
