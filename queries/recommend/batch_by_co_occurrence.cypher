// What fits many users at once: items that co-occur with those they met lately, each damped by its popularity.
//
// Source:  item-based collaborative filtering, Sarwar et al. 2001
// Returns: user_id STRING, item_id STRING, score FLOAT (Σ weight / (age + 1) / √popularity, age 0 being the latest item), via LIST<STRING> (up to three items behind it); by user, the best first, ties by item
/*
:param users => ["1", "2", "5"]
:param recent => 10
:param new_only => true
:param k => 5
*/
UNWIND $users AS id
MATCH (u:User {id: id})
CALL (u) {
  MATCH (u)-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
  WITH i, s.started AS started, s.id AS session, e.position AS position
  ORDER BY started DESC, session DESC, position DESC
  WITH collect(DISTINCT i)[.. $recent] AS recent
  UNWIND range(0, size(recent) - 1) AS age
  WITH recent[age] AS met, age
  MATCH (met)-[w:CO_OCCURS]-(item:Item)
  WHERE item.popularity > 0 AND (NOT $new_only OR NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(item) })
  WITH item, met.id AS via, w.weight / (age + 1) / sqrt(item.popularity) AS part
  ORDER BY part DESC, via
  WITH item, sum(part) AS score, collect(via)[.. 3] AS via
  RETURN item, score, via
  ORDER BY score DESC, item.id
  LIMIT $k
}
RETURN id AS user_id, item.id AS item_id, score, via
ORDER BY user_id, score DESC, item_id;
