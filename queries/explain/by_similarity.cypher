// Which items that a user has seen are similar to another item.
//
// Needs:   enrich/similar_items
// Returns: met STRING, title STRING, measure STRING, score FLOAT; the most similar first, ties by met
/*
:param user => "1"
:param item => "105"
:param k => 10
*/
MATCH (:Item {id: $item})<-[similar:SIMILAR]-(met:Item)<-[:VIEWED|CARTED|BOUGHT|BORROWED]-(:User {id: $user})
WITH DISTINCT met, similar
RETURN met.id AS met, met.title AS title, similar.measure AS measure, similar.score AS score
ORDER BY score DESC, met, measure
LIMIT $k;
