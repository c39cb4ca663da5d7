// How many items have a category that came with the data, and how many have a derived one.
//
// Returns: given INTEGER, derived INTEGER; one row
RETURN
  COUNT { MATCH (:Item)-[:IN_CATEGORY]->(c:Category) WHERE coalesce(c.derived, false) = false } AS given,
  COUNT { MATCH (:Item)-[:IN_CATEGORY]->(c:Category) WHERE c.derived } AS derived;
