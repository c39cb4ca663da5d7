// Write which community each item belongs to: items that occur together more than chance would have it.
//
// Source:  Leiden algorithm, Traag, Waltman and van Eck 2019, From Louvain to Leiden
// Needs:   enrich/project_item_co_occurrence
// Returns: items INTEGER (that are in a community), communities INTEGER; one row. Communities are numbered 0, 1, 2 … the largest first, ties by their smallest item; those below least_items are none.
/*
:param projection => "item_co_occurrence"
:param resolution => 1.0
:param least_items => 2
:param seed => 0
*/
CALL gds.leiden.stream($projection, {
  relationshipWeightProperty: 'weight', gamma: $resolution, maxLevels: 20, randomSeed: $seed, concurrency: 1
})
YIELD nodeId, communityId
WITH communityId, collect(nodeId) AS nodes, min(gds.util.asNode(nodeId).id) AS first
ORDER BY size(nodes) DESC, first
WITH collect(nodes) AS communities
UNWIND range(0, size(communities) - 1) AS number
WITH number, communities[number] AS nodes
WITH nodes, CASE WHEN size(nodes) >= $least_items THEN number END AS community
UNWIND nodes AS node
WITH gds.util.asNode(node) AS i, community
CALL (i, community) {
  SET i.community = community
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(community) AS items, count(DISTINCT community) AS communities;
