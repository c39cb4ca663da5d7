// Keep the latest :Load of a source that is loaded every few seconds, with the rows of those before it.
//
// Returns: loads INTEGER (how many there were); one row
/*
:param source => "small"
:param sha256 => "aa"
*/
MATCH (l:Load {source: $source, sha256: $sha256})
WITH l
ORDER BY l.batch DESC
WITH collect(l) AS loads
WITH loads, reduce(rows = 0, l IN tail(loads) | rows + l.rows) AS before, all(l IN loads WHERE coalesce(l.marked, false)) AS marked
FOREACH (l IN loads[0..1] | SET l.rows = l.rows + before, l.marked = marked)
FOREACH (l IN tail(loads) | DETACH DELETE l)
RETURN size(loads) AS loads;
