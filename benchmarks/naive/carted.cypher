// The plain way to write what users carted.
//
// Returns: nothing
/*
:param rows => [{user_id: "1", item_id: "1", count: 1, first: 0, last: 0}]
*/
UNWIND $rows AS row
MATCH (u:User {id: row.user_id})
MATCH (i:Item {id: row.item_id})
MERGE (u)-[r:CARTED]->(i)
SET r.count = row.count, r.first = row.first, r.last = row.last;
