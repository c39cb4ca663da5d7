// Read the links of one kind, those of some individuals at a time.
//
// Needs:   ontology/write_links
// Returns: key STRING, from STRING, to STRING; first the smallest key
/*
:param type => "WRITTEN_BY"
:param after => ""
:param k => 10
*/
MATCH (a:Individual)
WHERE a.iri > $after
WITH a
ORDER BY a.iri
LIMIT $k
OPTIONAL MATCH (a)-[:$($type)]->(b:Individual)
RETURN a.iri AS key, a.iri AS from, b.iri AS to
ORDER BY key, to;
