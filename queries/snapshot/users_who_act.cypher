// The next users after one of them who did something that counts for preferences, or have one, packed into a list.
//
// Returns: users LIST<STRING>; one row, the list by id and empty at the end
/*
:param after => ""
:param k => 3
:param view => 0.0
:param cart => 0.0
:param buy => 1.0
:param borrow => 1.0
*/
MATCH (u:User)
WHERE u.id > $after
  AND ($view > 0 AND EXISTS { (u)-[:VIEWED]->() } OR $cart > 0 AND EXISTS { (u)-[:CARTED]->() }
    OR $buy > 0 AND EXISTS { (u)-[:BOUGHT]->() } OR $borrow > 0 AND EXISTS { (u)-[:BORROWED]->() }
    OR EXISTS { (u)-[:PREFERS]->() })
WITH u.id AS id
ORDER BY id
LIMIT $k
RETURN collect(id) AS users;
