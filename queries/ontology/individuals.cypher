// Read individuals with all that is known of them, a page at a time.
//
// Needs:   ontology/write_items, ontology/write_individuals
// Returns: key STRING, node MAP; ties by key, first the smallest
/*
:param after => "urn:shop#k"
:param k => 1
*/
MATCH (n:Individual)
WHERE n.iri > $after
RETURN n.iri AS key, properties(n) AS node
ORDER BY key
LIMIT $k;
