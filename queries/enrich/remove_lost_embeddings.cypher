// Remove the embeddings of items that nobody who met enough items met any more.
//
// Returns: items INTEGER; one row
/*
:param least_items => 4
*/
MATCH (i:Item)
WHERE i.embedding IS NOT NULL AND NOT EXISTS {
  MATCH (i)<-[:VIEWED|CARTED|BOUGHT|BORROWED]-(u:User)
  WHERE COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->() } >= $least_items // the quick count first
    AND COUNT { MATCH (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(other:Item) RETURN DISTINCT other } >= $least_items
}
REMOVE i.embedding
RETURN count(i) AS items;
