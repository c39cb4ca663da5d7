// Under which ids the shop knows the items of the ontology.
//
// Needs:   ontology/write_items
// Returns: iri STRING, id STRING; in the order of the IRIs
MATCH (i:Item&Individual)
RETURN i.iri AS iri, i.id AS id
ORDER BY iri;
