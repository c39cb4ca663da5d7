// Which items of the ontology each session saw, in order: what weights are learned from.
//
// Needs:   ontology/write_items
// Returns: session STRING, iri STRING; in the order of sessions and of their events
MATCH (s:Session)-[e:INCLUDES]->(i:Item&Individual)
RETURN s.id AS session, i.iri AS iri
ORDER BY session, e.position;
