// Write how high categories rank.
//
// Returns: categories INTEGER; one row
/*
:param rows => [["2", 1.25], ["4", 0.75]]
*/
UNWIND $rows AS row
MATCH (c:Category {id: row[0]})
SET c.pagerank = row[1]
RETURN count(c) AS categories;
