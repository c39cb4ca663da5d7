// What a model recommends to one user at present, active or not.
//
// Returns: rank INTEGER, item STRING, title STRING, score FLOAT, kinds LIST<STRING>, via LIST<STRING> (what is behind it), amounts LIST<FLOAT>, run STRING; by rank
/*
:param model => "popular"
:param user => "1"
*/
MATCH (:Model {id: $model})-[:CURRENT]->(r:Run)
MATCH (u:User {id: $user})
CALL (r, u) {
  MATCH (u)-[rec:RECOMMENDED]->(i:Item)
  WHERE rec.run = r.id
  RETURN rec.rank AS rank, i, rec.score AS score, rec.kinds AS kinds, rec.via AS via, rec.amounts AS amounts
  UNION ALL
  WITH r, u, 'recommended_' + r.model + '_' + r.slot AS list
  WHERE u[list + '_run'] = r.id
  UNWIND range(0, size(u[list + '_items']) - 1) AS place
  MATCH (i:Item {id: u[list + '_items'][place]})
  WITH u, list, place, i, [p IN range(3 * place, 3 * place + 2) WHERE u[list + '_kinds'][p] <> ''] AS parts
  RETURN place + 1 AS rank, i, u[list + '_scores'][place] AS score, [p IN parts | u[list + '_kinds'][p]] AS kinds,
    [p IN parts | u[list + '_via'][p]] AS via, [p IN parts | u[list + '_amounts'][p]] AS amounts
}
RETURN rank, i.id AS item, i.title AS title, score, kinds, via, amounts, r.id AS run
ORDER BY rank;
