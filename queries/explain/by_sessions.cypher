// In which sessions of others an item stands beside an item that the user has seen.
//
// Returns: session STRING, met LIST<STRING> (of the user's items), started INTEGER (ms UTC); most items first, then the latest, ties by session
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH u, collect(DISTINCT i) AS items
MATCH (:Item {id: $item})<-[:INCLUDES]-(s:Session)-[:INCLUDES]->(met:Item)
WHERE met IN items AND met.id <> $item AND NOT EXISTS { (u)-[:HAD]->(s) }
WITH DISTINCT s, met.id AS met
ORDER BY met
WITH s, collect(met) AS met
RETURN s.id AS session, met, s.started AS started
ORDER BY size(met) DESC, started DESC, session
LIMIT $k;
