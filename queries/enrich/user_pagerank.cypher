// Which categories a random walk from one user visits most often, in the graph of users and the categories they prefer.
//
// Source:  personalised PageRank, Page et al. 1999
// Needs:   enrich/project_user_categories
// Returns: category_id STRING, pagerank FLOAT (the category's share of all visits to categories); the highest first, ties by category
/*
:param projection => "user_categories"
:param user => "2"
:param damping => 0.85
:param iterations => 200
:param tolerance => 1e-10
:param concurrency => 4
*/
MATCH (u:User {id: $user})
CALL gds.pageRank.stream($projection, {
  sourceNodes: [u], relationshipWeightProperty: 'weight', dampingFactor: $damping,
  maxIterations: $iterations, tolerance: $tolerance, concurrency: $concurrency
})
YIELD nodeId, score
WITH gds.util.asNode(nodeId) AS node, score
WHERE node:Category AND score > 0
WITH collect({category_id: node.id, score: score}) AS visited, sum(score) AS total
UNWIND visited AS category
WITH category.category_id AS category_id, category.score / total AS pagerank
RETURN category_id, pagerank
ORDER BY pagerank DESC, category_id;
