// Which items that one user has not seen are similar to those the user has seen, by one measure: "jaccard" (shared users), "embedding" (nearest neighbours) or one of an ontology.
//
// Needs:   enrich/similar_items
// Returns: item STRING, title STRING, score FLOAT (Σ similarity), via LIST<STRING> (the most similar first); the best first, ties by item; without items that are known to be unavailable
/*
:param user => "1"
:param measure => "jaccard"
:param k => 5
*/
MATCH (u:User {id: $user})-[:VIEWED|CARTED|BOUGHT|BORROWED]->(seen:Item)
WITH DISTINCT u, seen
MATCH (seen)-[similar:SIMILAR {measure: $measure}]->(other:Item)
WHERE NOT EXISTS { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(other) } AND coalesce(other.available, true)
WITH other, seen.id AS via, similar.score AS part
ORDER BY part DESC, via
WITH other, sum(part) AS score, collect(via) AS via
RETURN other.id AS item, other.title AS title, score, via
ORDER BY score DESC, item
LIMIT $k;
