// Write how much each attribute counts: the weights of one method, on the attributes.
//
// Needs:   ontology/write_attributes
// Returns: attributes INTEGER; one row
/*
:param weighting => "purity of EED-1"
:param unknown => "expected"
:param rows => [{name: "year", weight: 0.9}, {name: "writtenBy", weight: 1.0}]
*/
UNWIND $rows AS row
MATCH (a:Attribute {name: row.name})
SET a.weight = row.weight, a.weighting = $weighting, a.unknown = $unknown
RETURN count(a) AS attributes;
