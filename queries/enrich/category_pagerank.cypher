// Write the PageRank of every category in the graph of users and the categories they prefer: PR(v) = 0.15 + 0.85 · Σ_u w(u, v) / Σ_x w(u, x) · PR(u).
//
// Source:  PageRank, Page et al. 1999; walks go on with probability 0.85
// Needs:   enrich/project_user_categories
// Returns: written INTEGER; one row. A category that nobody prefers has 0.15.
/*
:param projection => "user_categories"
:param damping => 0.85
:param iterations => 200
:param tolerance => 1e-10
:param concurrency => 4
*/
CALL gds.pageRank.stream($projection, {
  relationshipWeightProperty: 'weight', dampingFactor: $damping,
  maxIterations: $iterations, tolerance: $tolerance, concurrency: $concurrency
})
YIELD nodeId, score
WITH gds.util.asNode(nodeId) AS node, score
WHERE node:Category
SET node.pagerank = score
RETURN count(*) AS written;
