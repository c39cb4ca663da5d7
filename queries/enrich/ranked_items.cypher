// How high each item ranks, where that is not the rank of one without an edge.
//
// Returns: items LIST<STRING>, pageranks LIST<FLOAT> (null where there is none); one row, the lists by id
/*
:param alone => 0.15
*/
MATCH (i:Item)
WHERE i.popularity > 0 AND coalesce(i.pagerank, 0.0) <> $alone
WITH i
ORDER BY i.id
WITH collect(i) AS ranked
RETURN [i IN ranked | i.id] AS items, [i IN ranked | i.pagerank] AS pageranks;
