// Set how often, when first and when last users did something with items.
//
// Returns: edges INTEGER; one row
/*
:param rows => [["1", [["101", "VIEWED", 2, 1600000000000, 1600000060000]]]]
*/
UNWIND $rows AS row
MATCH (u:User {id: row[0]})
UNWIND row[1] AS edge
MATCH (u)-[r:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item {id: edge[0]})
WHERE type(r) = edge[1]
SET r.count = edge[2], r.first = edge[3], r.last = edge[4]
RETURN count(*) AS edges;
