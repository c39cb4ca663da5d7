// Note the end of every experiment but the one that runs.
//
// Returns: ended INTEGER; one row
/*
:param running => "spring"
:param now => 1600001000000
*/
MATCH (x:Experiment)
WHERE x.ended IS NULL AND ($running IS NULL OR x.id <> $running)
SET x.ended = $now
RETURN count(x) AS ended;
