// Forget the individuals that the last load of the ontology did not write: items stay as items, others go.
//
// Needs:   ontology/write_items, ontology/write_individuals
// Returns: forgotten INTEGER; one row
/*
:param load => "2"
*/
MATCH (n:Individual)
WHERE n.ontology_load <> $load
CALL (n) {
  REMOVE n:Individual, n.types, n.exact, n.as_loaded, n.ontology_load
  WITH n
  WHERE NOT n:Item
  DETACH DELETE n
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS forgotten;
