// Change how similar some items are, by one measure, to others that they are linked to.
//
// Returns: links INTEGER (whose score changed); one row. They keep the run that wrote them.
/*
:param rows => [{item: "101", scores: {`102`: 0.6}}, {item: "102", scores: {`101`: 0.6}}]
:param measure => "jaccard"
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (i:Item {id: row.item})-[similar:SIMILAR {measure: $measure}]->(j:Item)
  WITH similar, row.scores[j.id] AS score
  WHERE score IS NOT NULL
  SET similar.score = score
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN sum(number) AS links;
