// Link items to those most similar by their attributes; a batch of items, whose former links of that measure go.
//
// Needs:   ontology/write_items
// Returns: similar INTEGER (edges written); one row
/*
:param measure => "EED-1"
:param run => "EED-1-1"
:param rows => [{item: "101", others: ["102", "103"], scores: [0.9, 0.5]}, {item: "102", others: ["101"], scores: [0.9]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
CALL (i) {
  MATCH (i)-[old:SIMILAR {measure: $measure}]->(:Item)
  DELETE old
}
UNWIND range(0, size(row.others) - 1) AS n
MATCH (j:Item {id: row.others[n]})
CREATE (i)-[similar:SIMILAR {measure: $measure, score: row.scores[n], run: $run}]->(j)
RETURN count(similar) AS similar;
