// Read every event row by row, in order.
MATCH (s:Session)-[e:INCLUDES]->(i:Item)
OPTIONAL MATCH (u:User)-[:HAD]->(s)
RETURN u.id AS user_id, s.id AS session_id, i.id AS item_id, e.event AS event, e.at AS at, e.position AS position;
