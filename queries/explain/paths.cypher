// How a user and an item are connected: the paths over one co-occurring or similar item, to be drawn as a graph.
//
// Returns: path PATH; the strongest link first, ties by the item between
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH path = (:User {id: $user})-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(seen:Item)-[link:CO_OCCURS|SIMILAR]-(:Item {id: $item})
WHERE type(link) = 'CO_OCCURS' OR startNode(link) = seen
RETURN path
ORDER BY coalesce(link.weight, link.score) DESC, seen.id, type(link), type(did)
LIMIT $k;
