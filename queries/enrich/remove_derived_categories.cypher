// Remove every category that was derived from communities, and what ties items and users to it.
//
// Needs:   enrich/derived_categories
// Returns: items INTEGER; one row
MATCH (i:Item)
WHERE i.derived_category IS NOT NULL
CALL (i) {
  REMOVE i.derived_category
  WITH i
  MATCH (i)-[:IN_CATEGORY]->(c:Category {derived: true})
  DETACH DELETE c
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(*) AS items;
