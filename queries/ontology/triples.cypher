// Read the triples that speak of no individual, as N-Triples.
//
// Needs:   ontology/write_triples
// Returns: triples LIST<STRING>; in the order of their nodes' ids
MATCH (m:Meta)
WHERE m.id STARTS WITH 'ontology/'
RETURN m.triples AS triples
ORDER BY m.id;
