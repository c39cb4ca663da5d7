// Up to which batch the graph holds what a server's log has counted.
//
// Needs:   serving/add_exposures
// Returns: batch INTEGER; one row, none where nothing of the log was added
/*
:param log => "exposures-1"
*/
MATCH (m:Meta {id: $log})
RETURN m.batch AS batch;
