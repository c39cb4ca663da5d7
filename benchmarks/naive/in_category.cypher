// The plain way to write the category that an item has.
//
// Returns: nothing
/*
:param rows => [{item_id: "1", category_id: "1"}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item_id})
MATCH (c:Category {id: row.category_id})
MERGE (i)-[:IN_CATEGORY]->(c);
