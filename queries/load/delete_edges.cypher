// Delete what users did with items of which nothing is left, since they gave all of it back.
//
// Returns: edges INTEGER; one row
/*
:param rows => [["1", [["101", "VIEWED"]]]]
*/
UNWIND $rows AS row
MATCH (u:User {id: row[0]})
UNWIND row[1] AS edge
MATCH (u)-[r:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item {id: edge[0]})
WHERE type(r) = edge[1]
DELETE r
RETURN count(*) AS edges;
