// What a model recommends to one user at present.
//
// Returns: rank INTEGER, item STRING, title STRING, score FLOAT, via LIST<STRING> (empty for a user who was not active: only edges keep it), run STRING; by rank
/*
:param model => "popular"
:param user => "1"
*/
MATCH (:Model {id: $model})-[:CURRENT]->(r:Run)
MATCH (u:User {id: $user})
CALL (r, u) {
  MATCH (u)-[rec:RECOMMENDED]->(i:Item)
  WHERE rec.run = r.id
  RETURN rec.rank AS rank, i, rec.score AS score, rec.via AS via
  UNION ALL
  WITH r, u, 'recommended_' + r.model + '_' + r.slot AS list
  WHERE u[list + '_run'] = r.id
  UNWIND range(0, size(u[list + '_items']) - 1) AS place
  MATCH (i:Item {id: u[list + '_items'][place]})
  RETURN place + 1 AS rank, i, u[list + '_scores'][place] AS score, [] AS via
}
RETURN rank, i.id AS item, i.title AS title, score, via, r.id AS run
ORDER BY rank;
