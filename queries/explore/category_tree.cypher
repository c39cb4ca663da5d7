// What the category tree looks like from one category downwards, three levels deep.
//
// Returns: path LIST<STRING> (category ids from the given one), code STRING, items INTEGER (directly in it); in the order of a table of contents
/*
:param category => "1"
*/
MATCH path = (:Category {id: $category})<-[:CHILD_OF*0..3]-(c:Category)
RETURN [n IN nodes(path) | n.id] AS path, c.code AS code, COUNT { (c)<-[:IN_CATEGORY]-() } AS items
ORDER BY path;
