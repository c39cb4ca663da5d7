// Create what users did with items: VIEWED, CARTED, BOUGHT or BORROWED, how often, first and last.
//
// Returns: edges INTEGER; one row
/*
:param rows => [["5", [["101", "VIEWED", 2, 1600000000000, 1600000060000], ["101", "BOUGHT", 1, 1600000060000, 1600000060000]]]]
*/
UNWIND $rows AS row
MATCH (u:User {id: row[0]})
UNWIND row[1] AS edge
MATCH (i:Item {id: edge[0]})
CREATE (u)-[r:$(edge[1])]->(i)
SET r.count = edge[2], r.first = edge[3], r.last = edge[4]
RETURN count(*) AS edges;
