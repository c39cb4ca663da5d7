// Link some items to those nearest to them in the space of the embeddings, and replace their former links of that measure.
//
// Returns: items INTEGER, similar INTEGER (edges written); one row
/*
:param rows => [{item: "101", near: ["102", "103"], scores: [0.99, 0.5]}]
:param measure => "embedding"
:param run => "neighbours-1"
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (i:Item {id: row.item})
  OPTIONAL MATCH (i)-[old:SIMILAR {measure: $measure}]->(:Item)
  DELETE old
  WITH DISTINCT i, row
  UNWIND range(0, size(row.near) - 1) AS n
  MATCH (j:Item {id: row.near[n]})
  CREATE (i)-[:SIMILAR {measure: $measure, score: row.scores[n], run: $run}]->(j)
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(row) AS items, sum(number) AS similar;
