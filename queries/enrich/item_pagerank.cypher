// Write the PageRank of every item in the co-occurrence graph: the share of walks that pass it, not divided by the number of nodes.
//
// Source:  PageRank, Page et al. 1999; walks go on with probability 0.85
// Needs:   enrich/project_item_co_occurrence
// Returns: written INTEGER, iterations INTEGER, converged BOOLEAN; one row
/*
:param projection => "item_co_occurrence"
:param iterations => 200
:param tolerance => 1e-7
:param concurrency => 4
*/
CALL gds.pageRank.write($projection, {
  writeProperty: 'pagerank', relationshipWeightProperty: 'weight', dampingFactor: 0.85,
  maxIterations: $iterations, tolerance: $tolerance, concurrency: $concurrency
})
YIELD nodePropertiesWritten, ranIterations, didConverge
RETURN nodePropertiesWritten AS written, ranIterations AS iterations, didConverge AS converged;
