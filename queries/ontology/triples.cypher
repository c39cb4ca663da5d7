// Read the triples that speak of no individual, as N-Triples, with the languages of the labels.
//
// Needs:   ontology/write_triples
// Returns: triples LIST<STRING>, languages LIST<STRING>; in the order of their nodes' ids
MATCH (m:Meta)
WHERE m.id STARTS WITH 'ontology/'
RETURN m.triples AS triples, m.languages AS languages
ORDER BY m.id;
