// How many items have a category that came with the data, and how many have a derived one.
//
// Returns: given INTEGER, derived INTEGER; one row
CALL () {
  MATCH (:Item)-[:IN_CATEGORY]->(c:Category)
  WHERE coalesce(c.derived, false) = false
  RETURN count(*) AS given
}
CALL () {
  MATCH (:Item)-[:IN_CATEGORY]->(c:Category)
  WHERE c.derived
  RETURN count(*) AS derived
}
RETURN given, derived;
