// Which items got another embedding since neighbours were looked up; the marks go.
//
// Returns: items LIST<STRING>; one row, by id
MATCH (i:Item&NeighboursStale)
WITH i
ORDER BY i.id
REMOVE i:NeighboursStale
RETURN collect(i.id) AS items;
