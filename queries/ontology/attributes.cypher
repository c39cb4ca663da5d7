// The attributes of the ontology and what they are called in the graph.
//
// Needs:   ontology/write_attributes
// Returns: iri STRING, property STRING, relationship STRING; in the order of the IRIs. A link has no property.
MATCH (a:Attribute)
RETURN a.iri AS iri, a.property AS property, a.relationship AS relationship
ORDER BY iri;
