// Which items are viewed by the users who viewed one item.
//
// Returns: item STRING, title STRING, viewers INTEGER (of both), cosine FLOAT (viewers / √(viewers of one × viewers of the other)); the highest cosine first, ties by viewers and item; without items that are known to be unavailable
/*
:param item => "101"
:param k => 5
*/
MATCH (viewed:Item {id: $item})<-[:VIEWED]-(u:User)-[:VIEWED]->(other:Item)
WHERE coalesce(other.available, true)
WITH viewed, other, count(u) AS viewers
RETURN other.id AS item, other.title AS title, viewers,
  viewers / sqrt(COUNT { (viewed)<-[:VIEWED]-() } * COUNT { (other)<-[:VIEWED]-() }) AS cosine
ORDER BY cosine DESC, viewers DESC, item
LIMIT $k;
