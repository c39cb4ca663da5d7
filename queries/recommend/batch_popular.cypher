// What is popular in the whole shop, for many users at once: all that can be said to a user whom nobody has seen.
//
// Returns: user_id STRING, item_id STRING, score FLOAT (events), via LIST<STRING> (empty); by user, the best first, ties by item
/*
:param users => ["1", "nobody"]
:param new_only => true
:param k => 3
*/
UNWIND $users AS id
OPTIONAL MATCH (u:User {id: id})
CALL (u) {
  MATCH (item:Item)
  WHERE item.popularity > 0
    AND (NOT $new_only OR u IS NULL OR NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(item) })
  RETURN item, toFloat(item.popularity) AS score
  ORDER BY item.popularity DESC, item.id
  LIMIT $k
}
RETURN id AS user_id, item.id AS item_id, score, [] AS via
ORDER BY user_id, score DESC, item_id;
