// How many items have a community.
//
// Returns: items INTEGER; one row
MATCH (i:Item)
WHERE i.community IS NOT NULL
RETURN count(i) AS items;
