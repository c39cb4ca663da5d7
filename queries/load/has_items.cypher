// Whether the graph has any items.
//
// Returns: items INTEGER; one row
MATCH (n:Item)
RETURN count(n) AS items;
