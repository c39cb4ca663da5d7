// Hang categories below others.
//
// Returns: edges INTEGER; one row
/*
:param rows => [{category: "5", parent: "1"}]
*/
UNWIND $rows AS row
MATCH (child:Category {id: row.category})
MATCH (parent:Category {id: row.parent})
MERGE (child)-[:CHILD_OF]->(parent)
RETURN count(*) AS edges;
