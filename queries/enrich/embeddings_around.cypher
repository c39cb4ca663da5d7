// Which embeddings lie around items, two steps away over users and over sessions without a user, and how much each weighs.
//
// Returns: item_id STRING, near STRING, weight FLOAT, embedding LIST<FLOAT>; by item_id, then near
/*
:param items => ["101"]
:param least_items => 2
*/
UNWIND $items AS id
MATCH (i:Item {id: id})<-[did:VIEWED|CARTED|BOUGHT|BORROWED|INCLUDES]-(owner)
WHERE owner:User OR NOT EXISTS { (:User)-[:HAD]->(owner) }
WITH i, owner, sum(coalesce(did.count, 1)) AS times
CALL (owner) {
  MATCH (owner)-[did:VIEWED|CARTED|BOUGHT|BORROWED|INCLUDES]->(near:Item)
  WITH near, sum(coalesce(did.count, 1)) AS events
  RETURN collect({item: near, events: events}) AS seen
}
WITH i, times, seen
WHERE size(seen) >= $least_items
UNWIND seen AS other
WITH i, other.item AS near, sum(toFloat(times) * other.events / size(seen)) AS weight
WHERE near.embedding IS NOT NULL
RETURN i.id AS item_id, near.id AS near, weight, near.embedding AS embedding
ORDER BY item_id, near;
