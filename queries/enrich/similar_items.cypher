// Link every item to those it shares the most users with, and replace its former links of that measure.
//
// Source:  Jaccard index of the sets of users, |A ∩ B| / |A ∪ B|
// Needs:   enrich/project_item_users
// Returns: items INTEGER, similar INTEGER (edges written); one row
/*
:param projection => "item_users"
:param top => 10
:param cutoff => 0.01
:param degree_cutoff => 1
:param concurrency => 4
:param measure => "jaccard"
:param run => "similarity"
*/
CALL gds.nodeSimilarity.stream($projection, {
  topK: $top, similarityCutoff: $cutoff, degreeCutoff: $degree_cutoff, similarityMetric: 'JACCARD', concurrency: $concurrency
})
YIELD node1, node2, similarity
WITH node1, collect({node: node2, score: similarity}) AS near
WITH gds.util.asNode(node1) AS i, near
CALL (i, near) {
  OPTIONAL MATCH (i)-[old:SIMILAR {measure: $measure}]->(:Item)
  DELETE old
  WITH DISTINCT i, near
  UNWIND near AS other
  WITH i, gds.util.asNode(other.node) AS j, other.score AS score
  CREATE (i)-[:SIMILAR {measure: $measure, score: score, run: $run}]->(j)
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(i) AS items, sum(number) AS similar;
