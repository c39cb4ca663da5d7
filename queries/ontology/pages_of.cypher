// Which pages show some items of the ontology.
//
// Needs:   ontology/write_pages
// Returns: iri STRING, pages LIST<STRING>; in the order of the IRIs
/*
:param iris => ["urn:shop#kettle", "urn:shop#pot"]
*/
MATCH (p:Page)-[:SHOWS]->(i:Item&Individual)
WHERE i.iri IN $iris
WITH i.iri AS iri, p.url AS url
ORDER BY iri, url
RETURN iri, collect(url) AS pages
ORDER BY iri;
