// Delete all links of one kind between individuals, before they are written anew.
//
// Needs:   ontology/write_links
// Returns: deleted INTEGER; one row
/*
:param type => "WRITTEN_BY"
*/
MATCH (:Individual)-[link:$($type)]->(:Individual)
CALL (link) {
  DELETE link
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS deleted;
