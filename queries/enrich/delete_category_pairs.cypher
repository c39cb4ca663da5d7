// Delete the co-occurrence edges of some pairs of categories.
//
// Returns: deleted INTEGER; one row
/*
:param pairs => [["2", "4"]]
*/
UNWIND $pairs AS pair
MATCH (:Category {id: pair[0]})-[w:CO_OCCURS]->(:Category {id: pair[1]})
DELETE w
RETURN count(*) AS deleted;
