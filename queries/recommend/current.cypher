// What a model recommends to one user at present.
//
// Returns: rank INTEGER, item STRING, title STRING, score FLOAT, via LIST<STRING>, run STRING; by rank
/*
:param model => "popular"
:param user => "1"
*/
MATCH (:Model {id: $model})-[:CURRENT]->(r:Run)
MATCH (:User {id: $user})-[rec:RECOMMENDED]->(i:Item)
WHERE rec.run = r.id
RETURN rec.rank AS rank, i.id AS item, i.title AS title, rec.score AS score, rec.via AS via, r.id AS run
ORDER BY rank;
