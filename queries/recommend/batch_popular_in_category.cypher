// What is popular in the category of the item that each of many users met last, for those of whom little is known.
//
// Returns: user_id STRING, item_id STRING, score FLOAT (share of the category's events), via LIST<STRING> (the last item); by user, the best first, ties by item
/*
:param users => ["1", "2", "5"]
:param new_only => true
:param k => 5
*/
UNWIND $users AS id
MATCH (u:User {id: id})
CALL (u) {
  MATCH (u)-[:HAD]->(s:Session)-[e:INCLUDES]->(last:Item)
  WITH last
  ORDER BY s.started DESC, s.id DESC, e.position DESC
  LIMIT 1
  MATCH (last)-[:IN_CATEGORY]->(c:Category)
  RETURN last, c
  ORDER BY c.id
  LIMIT 1
}
WITH c, collect({user: u, last: last}) AS asking, max(COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() }) AS met
CALL (c, met) {
  MATCH (c)<-[:IN_CATEGORY]-(i:Item)
  WHERE i.popularity > 0
  WITH i, met
  ORDER BY i.popularity DESC, i.id
  WITH collect(i) AS items, sum(i.popularity) AS events, met
  RETURN items[.. $k + met] AS items, events
}
UNWIND asking AS one
CALL (one, items, events) {
  WITH one.user AS u, items, events
  UNWIND items AS item
  WITH u, item, events
  WHERE NOT $new_only OR NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(item) }
  RETURN item, toFloat(item.popularity) / events AS score
  ORDER BY item.popularity DESC, item.id
  LIMIT $k
}
RETURN one.user.id AS user_id, item.id AS item_id, score, [one.last.id] AS via
ORDER BY user_id, score DESC, item_id;
