// Why each model recommends an item to a user at present: the items behind the recommendation.
//
// Returns: model STRING, rank INTEGER, score FLOAT, via LIST<STRING>, titles LIST<STRING>; by model
/*
:param user => "1"
:param item => "105"
*/
MATCH (:User {id: $user})-[rec:RECOMMENDED]->(:Item {id: $item})
MATCH (m:Model)-[:CURRENT]->(:Run {id: rec.run})
RETURN m.id AS model, rec.rank AS rank, rec.score AS score, rec.via AS via,
  [id IN rec.via | head(COLLECT { MATCH (i:Item {id: id}) RETURN i.title })] AS titles
ORDER BY model;
