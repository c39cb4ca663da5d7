// Every relationship of one type with some of its properties, packed into lists of many.
//
// Needs:   export/project
// Returns: property STRING, sources LIST<INTEGER>, targets LIST<INTEGER> (the database's own numbers), values LIST<FLOAT>; a row per property and block of source numbers, by block and property; the relationships of a block are in the same order for every property
/*
:param projection => "export"
:param type => "BOUGHT"
:param properties => ["count", "last"]
:param block => 1000000000
*/
CALL gds.graph.relationshipProperties.stream($projection, $properties, [$type])
YIELD sourceNodeId, targetNodeId, relationshipProperty, propertyValue
WITH sourceNodeId / $block AS block, relationshipProperty AS property, collect(sourceNodeId) AS sources,
  collect(targetNodeId) AS targets, collect(propertyValue) AS values
ORDER BY block, property
RETURN property, sources, targets, values;
