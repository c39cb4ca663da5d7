// To which others items are similar by one measure, packed into lists.
//
// Returns: items LIST<STRING> (those with links), sizes LIST<INTEGER> (links of each), near LIST<LIST<STRING>>, scores LIST<LIST<FLOAT>>; one row, items by id, the links of each in no order
/*
:param measure => "jaccard"
*/
MATCH (i)-[similar:SIMILAR]->(j) // without a label, or every item is asked for its links
WHERE similar.measure = $measure
WITH i, collect(j.id) AS near, collect(similar.score) AS scores
ORDER BY i.id
RETURN collect(i.id) AS items, collect(size(near)) AS sizes, collect(near) AS near, collect(scores) AS scores;
