// To which others the next items after one of them are similar, packed into lists.
//
// Returns: ids LIST<STRING>, source LIST<INTEGER> (place in ids), targets LIST<STRING>, measures LIST<STRING>, scores LIST<FLOAT>; one row, by source, measure and target
/*
:param after => ""
:param k => 2
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
CALL (items) {
  UNWIND range(0, size(items) - 1) AS place
  WITH place, items[place] AS i
  MATCH (i)-[r:SIMILAR]->(j:Item)
  WITH place, r, j
  ORDER BY place, r.measure, j.id
  RETURN collect(place) AS source, collect(j.id) AS targets, collect(coalesce(r.measure, '')) AS measures, collect(coalesce(r.score, 0.0 / 0.0)) AS scores
}
RETURN [i IN items | i.id] AS ids, source, targets, measures, scores;
