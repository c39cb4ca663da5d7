// Which items of the ontology are available.
//
// Needs:   ontology/write_items
// Returns: iri STRING, available BOOLEAN (null where nobody said); in the order of the IRIs
MATCH (i:Item&Individual)
RETURN i.iri AS iri, i.available AS available
ORDER BY iri;
