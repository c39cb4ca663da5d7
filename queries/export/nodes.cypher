// Every node of one label with its id and some of its properties, packed into lists of many nodes: all of them, or one of several parts that can be read side by side.
//
// Needs:   export/project
// Returns: numbers LIST<INTEGER> (the database's own), ids LIST<STRING>, columns LIST<LIST<ANY>> (a list per property); a row per block of numbers, in no order
/*
:param projection => "export"
:param label => "Item"
:param key => "id"
:param properties => ["price", "brand"]
:param block => 1000000000
:param parts => 1
:param part => 0
*/
CALL gds.degree.stream($projection, {nodeLabels: [$label], relationshipTypes: ['*']})
YIELD nodeId
WITH nodeId / $block AS block, nodeId
WHERE block % $parts = $part
WITH block, collect(nodeId) AS numbers
WITH numbers, gds.util.asNodes(numbers) AS nodes
RETURN numbers, [n IN nodes | n[$key]] AS ids, [name IN $properties | [n IN nodes | n[name]]] AS columns;
