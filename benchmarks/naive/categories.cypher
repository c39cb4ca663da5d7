// The plain way to write categories.
//
// Returns: nothing
/*
:param rows => [{category_id: "1", code: null, level: 0}]
*/
UNWIND $rows AS row
MERGE (c:Category {id: row.category_id})
SET c.code = row.code, c.level = row.level;
