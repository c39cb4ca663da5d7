// Which items that a user has seen are similar to another item.
//
// Needs:   enrich/similar_items
// Returns: seen STRING, title STRING, measure STRING, score FLOAT; the most similar first, ties by seen
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH (:Item {id: $item})<-[similar:SIMILAR]-(seen:Item)<-[:VIEWED|CARTED|BOUGHT|BORROWED]-(:User {id: $user})
WITH DISTINCT seen, similar
RETURN seen.id AS seen, seen.title AS title, similar.measure AS measure, similar.score AS score
ORDER BY score DESC, seen, measure
LIMIT $k;
