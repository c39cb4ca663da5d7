// Create categories, or set the code and level of those that are there.
//
// Returns: categories INTEGER; one row
/*
:param rows => [{id: "6", code: "books.novels", level: 1}, {id: "5", code: "books", level: 0}]
*/
UNWIND $rows AS row
MERGE (c:Category {id: row.id})
SET c.code = row.code, c.level = row.level
RETURN count(*) AS categories;
