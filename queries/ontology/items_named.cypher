// Which of some ids are items of the shop, and which individuals of the ontology these are.
//
// Returns: id STRING, iri STRING (null for items that are no individuals); in the order of the ids
/*
:param ids => ["101", "104", "nowhere"]
*/
MATCH (i:Item)
WHERE i.id IN $ids
RETURN i.id AS id, i.iri AS iri
ORDER BY id;
