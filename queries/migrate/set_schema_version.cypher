// Note which schema the graph has now.
//
// Returns: version INTEGER; one row
/*
:param version => 1
*/
MERGE (m:Meta {id: 'schema'})
SET m.schema_version = $version
RETURN m.schema_version AS version;
