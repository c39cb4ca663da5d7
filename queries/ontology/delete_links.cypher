// Delete all links of one kind between individuals, before they are written anew.
//
// Needs:   ontology/write_links
// Returns: deleted INTEGER; one row
/*
:param type => "WRITTEN_BY"
*/
MATCH (one:Individual)-[link:$($type)]->(:Individual)
USING SCAN one:Individual // no index knows a type that is a parameter: else all relationships may be scanned
CALL (link) {
  DELETE link
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS deleted;
