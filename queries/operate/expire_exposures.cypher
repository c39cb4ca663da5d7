// Delete the counts of what was shown on the days (UTC) before one.
//
// Needs:   serving/add_exposures
// Returns: exposures INTEGER; one row
/*
:param before => "2020-09-14"
*/
MATCH (e:Exposure)
WHERE e.day < $before
DETACH DELETE e
RETURN count(*) AS exposures;
