// The plain way to write the category tree.
//
// Returns: nothing
/*
:param rows => [{category_id: "1", parent_id: "2"}]
*/
UNWIND $rows AS row
MATCH (c:Category {id: row.category_id})
MATCH (p:Category {id: row.parent_id})
MERGE (c)-[:CHILD_OF]->(p);
