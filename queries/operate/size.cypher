// How many nodes and relationships the database holds.
//
// Returns: nodes INTEGER, relationships INTEGER; one row
CALL () {
  MATCH (n) RETURN count(n) AS nodes
}
CALL () {
  MATCH ()-[r]->() RETURN count(r) AS relationships
}
RETURN nodes, relationships;
