// Why each model recommends an item to a user at present: the items behind the recommendation.
//
// Returns: model STRING, rank INTEGER, score FLOAT, via LIST<STRING>, titles LIST<STRING>; by model
/*
:param user => "1"
:param item => "105"
*/
MATCH (u:User {id: $user})
MATCH (i:Item {id: $item})
CALL (u, i) {
  MATCH (u)-[rec:RECOMMENDED]->(i)
  MATCH (m:Model)-[:CURRENT]->(:Run {id: rec.run})
  RETURN m.id AS model, rec.rank AS rank, rec.score AS score, rec.via AS via
  UNION ALL
  MATCH (m:Model)-[:CURRENT]->(r:Run)
  WITH u, i, m, r, 'recommended_' + r.model + '_' + r.slot AS list
  WHERE u[list + '_run'] = r.id
  UNWIND range(0, size(u[list + '_items']) - 1) AS place
  WITH u, i, m, list, place
  WHERE u[list + '_items'][place] = i.id
  RETURN m.id AS model, place + 1 AS rank, u[list + '_scores'][place] AS score, [] AS via
}
RETURN model, rank, score, via, [id IN via | head(COLLECT { MATCH (behind:Item {id: id}) RETURN behind.title })] AS titles
ORDER BY model;
