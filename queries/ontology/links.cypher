// Read the links of one kind that triples state, those of some individuals at a time.
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
OPTIONAL MATCH (a)-[link:$($type)]->(b:Individual)
WHERE link.inferred IS NULL
RETURN a.iri AS key, a.iri AS from, b.iri AS to
ORDER BY key, to;
