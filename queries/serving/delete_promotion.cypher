// End a promotion for good.
//
// Returns: deleted INTEGER; one row
/*
:param id => "spring"
*/
OPTIONAL MATCH (p:Promotion {id: $id})
DETACH DELETE p
RETURN count(p) AS deleted;
