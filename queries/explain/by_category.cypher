// Which items that a user has seen share a category, or one above it, with another item.
//
// Returns: seen STRING, title STRING, category STRING (the nearest that both lie below), code STRING, steps INTEGER (up and down the tree); the nearest first, ties by seen
/*
:param user => "1"
:param item => "107"
:param k => 10
*/
MATCH up = (:Item {id: $item})-[:IN_CATEGORY]->(:Category)-[:CHILD_OF*0..]->(shared:Category)
WITH shared, min(length(up)) AS up
WITH collect({category: shared, steps: up - 1}) AS above
MATCH (:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(seen:Item)
WHERE seen.id <> $item
WITH DISTINCT above, seen
MATCH down = (seen)-[:IN_CATEGORY]->(:Category)-[:CHILD_OF*0..]->(shared:Category)
UNWIND [a IN above WHERE a.category = shared] AS common
WITH seen, shared, common.steps + length(down) - 1 AS steps
ORDER BY steps, shared.id
WITH seen, collect(shared)[0] AS shared, min(steps) AS steps
RETURN seen.id AS seen, seen.title AS title, shared.id AS category, shared.code AS code, steps
ORDER BY steps, seen
LIMIT $k;
