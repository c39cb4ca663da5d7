// To which others the next items after one of them are similar by one measure, packed into lists.
//
// Returns: last LIST<STRING> (the last of the items looked at), items LIST<STRING> (those with links), sizes LIST<INTEGER> (links of each), near LIST<LIST<STRING>>, scores LIST<LIST<FLOAT>>; one row, items by id, the lists in no order and empty after the last item
/*
:param after => ""
:param k => 3
:param measure => "jaccard"
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS looked_at
CALL (looked_at) {
  UNWIND looked_at AS i
  CALL (i) {
    MATCH (i)-[similar:SIMILAR {measure: $measure}]->(j:Item)
    RETURN collect(j.id) AS near, collect(similar.score) AS scores
  }
  WITH i, near, scores
  WHERE size(near) > 0
  WITH i, near, scores
  ORDER BY i.id
  RETURN collect(i.id) AS items, collect(size(near)) AS sizes, collect(near) AS near, collect(scores) AS scores
}
RETURN [i IN looked_at[-1 ..] | i.id] AS last, items, sizes, near, scores;
