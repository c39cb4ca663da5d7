// PageRank and community of the next items after one of them, packed into lists.
//
// Returns: ids LIST<STRING>, pageranks LIST<FLOAT>, communities LIST<INTEGER>; one row, the lists by id, null where an item has none
/*
:param after => "104"
:param k => 3
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
RETURN [i IN items | i.id] AS ids, [i IN items | i.pagerank] AS pageranks, [i IN items | i['community']] AS communities;
