// Whether items have a category that came with the data, and whether any has a derived one.
//
// Returns: given BOOLEAN, derived BOOLEAN; one row
RETURN
  EXISTS {
    MATCH (c:Category)
    WHERE coalesce(c.derived, false) = false AND EXISTS { (c)<-[:IN_CATEGORY]-(:Item) }
  } AS given,
  EXISTS {
    MATCH (c:Category)
    WHERE c.derived AND EXISTS { (c)<-[:IN_CATEGORY]-(:Item) }
  } AS derived;
