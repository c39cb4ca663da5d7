// Take categories away from below others.
//
// Returns: edges INTEGER; one row
/*
:param rows => [{category: "4", parent: "2"}]
*/
UNWIND $rows AS row
MATCH (:Category {id: row.category})-[r:CHILD_OF]->(:Category {id: row.parent})
DELETE r
RETURN count(*) AS edges;
