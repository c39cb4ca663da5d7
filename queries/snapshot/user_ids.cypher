// The next ids of users after one of them, packed into a list.
//
// Returns: ids LIST<STRING>; one row, the list in order and empty at the end
/*
:param after => ""
:param k => 3
*/
MATCH (n:User)
WHERE n.id > $after
WITH n.id AS id
ORDER BY id
LIMIT $k
RETURN collect(id) AS ids;
