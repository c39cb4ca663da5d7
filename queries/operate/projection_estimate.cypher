// How much memory a projection of so many nodes and relationships takes, beside the heap of the server and what its projections hold already.
//
// Returns: bytes INTEGER (at most), heap INTEGER (bytes), held INTEGER (bytes); one row
/*
:param nodes => 1000000
:param relationships => 10000000
*/
CALL gds.graph.project.estimate('*', '*', {nodeCount: $nodes, relationshipCount: $relationships})
YIELD bytesMax
CALL gds.debug.sysInfo()
YIELD key, value
WITH bytesMax, key, value
WHERE key = 'heapMaxInBytes'
RETURN bytesMax AS bytes, value AS heap,
  COLLECT { CALL gds.graph.list() YIELD sizeInBytes RETURN sum(sizeInBytes) AS held }[0] AS held;
