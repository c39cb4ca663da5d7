// Create the nodes and relationships of a small shop; ends are named by the places of their nodes in the list.
//
// Returns: relationships INTEGER; one row
/*
:param nodes => [{label: "User", properties: {id: "11"}}, {label: "Item", properties: {id: "901", price: 38.0}}]
:param relationships => [{type: "VIEWED", start: 0, end: 1, properties: {count: 2}}]
*/
UNWIND $nodes AS node
CREATE (n:$(node.label))
SET n = node.properties
WITH collect(n) AS created
UNWIND $relationships AS row
WITH created[row.start] AS start, created[row.end] AS end, row
CREATE (start)-[r:$(row.type)]->(end)
SET r = row.properties
RETURN count(*) AS relationships;
