// Which batches of some files were recorded.
//
// Returns: batches INTEGER, last INTEGER (the highest number, -1 for none), rows INTEGER; one row
/*
:param sha256 => "aa"
*/
MATCH (l:Load)
WHERE l.sha256 = $sha256
RETURN count(*) AS batches, coalesce(max(l.batch), -1) AS last, coalesce(sum(l.rows), 0) AS rows;
