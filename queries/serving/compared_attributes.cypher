// Which attributes of an ontology items are compared by, what they are called in the graph, and how much each counts.
//
// Needs:   ontology/write_attributes, ontology/write_weights
// Returns: name STRING, kind STRING, property STRING, relationship STRING (one of the two), weight FLOAT; by name
MATCH (a:Attribute)
WHERE a.compared AND coalesce(a.weight, 1.0) > 0
RETURN a.name AS name, a.kind AS kind, a.property AS property, a.relationship AS relationship, coalesce(a.weight, 1.0) AS weight
ORDER BY name;
