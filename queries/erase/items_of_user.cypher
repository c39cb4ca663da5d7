// Which items a user has touched, in sessions or by what was counted.
//
// Returns: item_id STRING; by id
/*
:param user => "1"
*/
MATCH (u:User {id: $user})
CALL (u) {
  MATCH (u)-[:HAD]->(:Session)-[:INCLUDES]->(i:Item)
  RETURN i
  UNION
  MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
  RETURN i
}
RETURN DISTINCT i.id AS item_id
ORDER BY item_id;
