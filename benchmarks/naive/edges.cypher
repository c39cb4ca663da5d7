// Stream the relationships of a projection row by row.
CALL gds.graph.relationships.stream($projection, [$type])
YIELD sourceNodeId, targetNodeId
RETURN sourceNodeId, targetNodeId;
