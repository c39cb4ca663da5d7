// Write how high items rank.
//
// Returns: items INTEGER; one row
/*
:param rows => [["101", 1.25], ["102", 0.75]]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row[0]})
SET i.pagerank = row[1]
RETURN count(i) AS items;
