// Every relationship of one type, packed into lists of many.
//
// Needs:   export/project
// Returns: sources LIST<INTEGER>, targets LIST<INTEGER> (the database's own numbers); a row per block of source numbers, in no order
/*
:param projection => "export"
:param type => "BOUGHT"
:param block => 1000000000
*/
CALL gds.graph.relationships.stream($projection, [$type])
YIELD sourceNodeId, targetNodeId
WITH sourceNodeId / $block AS block, collect(sourceNodeId) AS sources, collect(targetNodeId) AS targets
RETURN sources, targets;
