// Which other users have seen an item and share the most items with a user.
//
// Returns: other STRING, shared INTEGER, items LIST<STRING> (up to five of them); most shared first, ties by other
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WHERE i.id <> $item
WITH u, collect(DISTINCT i) AS items
MATCH (:Item {id: $item})<-[:VIEWED|CARTED|BOUGHT|BORROWED]-(other:User)
WHERE other <> u
WITH DISTINCT items, other
MATCH (other)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(shared:Item)
WHERE shared IN items
WITH DISTINCT other, shared.id AS shared
ORDER BY shared
WITH other, collect(shared) AS shared
RETURN other.id AS other, size(shared) AS shared, shared[..5] AS items
ORDER BY shared DESC, other
LIMIT $k;
