// Why each model recommends an item to a user at present: what is behind the recommendation, with the amounts of the score.
//
// Returns: model STRING, rank INTEGER, score FLOAT, kinds LIST<STRING>, via LIST<STRING> (ids of items, or what else is behind), amounts LIST<FLOAT>, titles LIST<STRING>; by model
/*
:param user => "1"
:param item => "105"
*/
MATCH (u:User {id: $user})
MATCH (i:Item {id: $item})
CALL (u, i) {
  MATCH (u)-[rec:RECOMMENDED]->(i)
  MATCH (m:Model)-[:CURRENT]->(:Run {id: rec.run})
  RETURN m.id AS model, rec.rank AS rank, rec.score AS score, rec.kinds AS kinds, rec.via AS via, rec.amounts AS amounts
  UNION ALL
  MATCH (m:Model)-[:CURRENT]->(r:Run)
  WITH u, i, m, r, 'recommended_' + r.model + '_' + r.slot AS list
  WHERE u[list + '_run'] = r.id
  UNWIND range(0, size(u[list + '_items']) - 1) AS place
  WITH u, i, m, list, place
  WHERE u[list + '_items'][place] = i.id
  WITH u, m, list, place, [p IN range(3 * place, 3 * place + 2) WHERE u[list + '_kinds'][p] <> ''] AS parts
  RETURN m.id AS model, place + 1 AS rank, u[list + '_scores'][place] AS score, [p IN parts | u[list + '_kinds'][p]] AS kinds,
    [p IN parts | u[list + '_via'][p]] AS via, [p IN parts | u[list + '_amounts'][p]] AS amounts
}
RETURN model, rank, score, kinds, via, amounts,
  [id IN via | head(COLLECT { MATCH (behind:Item {id: id}) RETURN behind.title })] AS titles
ORDER BY model;
