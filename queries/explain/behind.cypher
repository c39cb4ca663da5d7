// What users did with the items behind their recommendations: the strongest thing, and the item's title.
//
// Returns: user_id STRING, item_id STRING, title STRING, event STRING ("BOUGHT" before "BORROWED", "CARTED" and "VIEWED"); by user and item
/*
:param pairs => [{user: "1", item: "102"}, {user: "1", item: "104"}]
*/
UNWIND $pairs AS pair
MATCH (u:User {id: pair.user})
MATCH (i:Item {id: pair.item})
RETURN u.id AS user_id, i.id AS item_id, i.title AS title,
  CASE
    WHEN EXISTS { (u)-[:BOUGHT]->(i) } THEN 'BOUGHT'
    WHEN EXISTS { (u)-[:BORROWED]->(i) } THEN 'BORROWED'
    WHEN EXISTS { (u)-[:CARTED]->(i) } THEN 'CARTED'
    ELSE 'VIEWED'
  END AS event
ORDER BY user_id, item_id;
