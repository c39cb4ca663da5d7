// How many others each item is linked to by one measure, and how far the farthest is.
//
// Returns: items LIST<STRING>, links LIST<INTEGER>, least LIST<FLOAT> (the lowest score); one row, the lists by id
/*
:param measure => "jaccard"
*/
MATCH (i)-[similar:SIMILAR]->() // without a label, or every item is asked for its links
WHERE similar.measure = $measure
WITH i, count(similar) AS links, min(similar.score) AS least
ORDER BY i.id
RETURN collect(i.id) AS items, collect(links) AS links, collect(least) AS least;
