// The plain way to write events: look both ends up and MERGE the relationship, for each row of a batch.
//
// Returns: nothing
/*
:param rows => [{session_id: "1@0", item_id: "1", position: 0, at: 0, event: "view", event_key: "a", category_id: "1"}]
*/
UNWIND $rows AS row
MATCH (s:Session {id: row.session_id})
MATCH (i:Item {id: row.item_id})
MERGE (s)-[r:INCLUDES {event_key: row.event_key}]->(i)
SET r.position = row.position, r.at = row.at, r.event = row.event, r.category = row.category_id;
