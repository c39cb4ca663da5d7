// Which items occur together more than chance would have it: the communities of at least so many items.
//
// Source:  Leiden algorithm, Traag, Waltman and van Eck 2019, From Louvain to Leiden
// Needs:   enrich/project_item_co_occurrence
// Returns: items LIST<STRING> (by id); the largest first, ties by first item
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
WITH communityId, gds.util.asNode(nodeId).id AS item
ORDER BY item
WITH communityId, collect(item) AS items
WHERE size(items) >= $least_items
RETURN items
ORDER BY size(items) DESC, items[0];
