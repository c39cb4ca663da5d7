// In which sessions of others an item stands beside an item that the user has seen.
//
// Returns: session STRING, seen LIST<STRING> (of the user's items), started INTEGER (ms UTC); most items first, then the latest, ties by session
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH u, collect(DISTINCT i) AS items
MATCH (:Item {id: $item})<-[:INCLUDES]-(s:Session)-[:INCLUDES]->(seen:Item)
WHERE seen IN items AND seen.id <> $item AND NOT EXISTS { (u)-[:HAD]->(s) }
WITH DISTINCT s, seen.id AS seen
ORDER BY seen
WITH s, collect(seen) AS seen
RETURN s.id AS session, seen, s.started AS started
ORDER BY size(seen) DESC, started DESC, session
LIMIT $k;
