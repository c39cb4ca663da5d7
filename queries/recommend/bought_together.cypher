// Which items are bought by the users who bought one item.
//
// Returns: item STRING, title STRING, buyers INTEGER (of both), share FLOAT (of the first item's buyers); most buyers first, ties by item; without items that are known to be unavailable
/*
:param item => "103"
:param k => 5
*/
MATCH (bought:Item {id: $item})<-[:BOUGHT]-(u:User)-[:BOUGHT]->(other:Item)
WHERE coalesce(other.available, true)
WITH bought, other, count(u) AS buyers
RETURN other.id AS item, other.title AS title, buyers, toFloat(buyers) / COUNT { (bought)<-[:BOUGHT]-() } AS share
ORDER BY buyers DESC, item
LIMIT $k;
