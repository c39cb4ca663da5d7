// What was loaded last.
//
// Returns: load STRING, source STRING, batch INTEGER, rows INTEGER, started INTEGER, finished INTEGER (ms UTC); the latest first, ties by load
/*
:param k => 10
*/
MATCH (l:Load)
RETURN l.id AS load, l.source AS source, l.batch AS batch, l.rows AS rows, l.started AS started, l.finished AS finished
ORDER BY finished DESC, load
LIMIT $k;
