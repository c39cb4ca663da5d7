// Forget the individuals that the last load of the ontology did not write: items that the shop knows from elsewhere stay as items, others go.
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
  WHERE NOT n:Item OR (n:OfOntology
    AND NOT EXISTS { (n)<-[:INCLUDES|TAKEN_BACK|VIEWED|CARTED|BOUGHT|BORROWED]-() }
    AND NOT EXISTS { (n)-[:IN_CATEGORY|WAS_IN_CATEGORY]->() })
  DETACH DELETE n
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS forgotten;
