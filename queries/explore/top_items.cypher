// Which items have the most events.
//
// Returns: item STRING, title STRING, events INTEGER, pagerank FLOAT; most events first, ties by item
/*
:param k => 5
*/
MATCH (i:Item)
WHERE i.popularity > 0
RETURN i.id AS item, i.title AS title, i.popularity AS events, i.pagerank AS pagerank
ORDER BY events DESC, item
LIMIT $k;
