// Change which others some items are similar to by one measure: delete links and write new ones.
//
// Returns: items INTEGER, deleted INTEGER, written INTEGER (links); one row
/*
:param rows => [{item: "101", gone: ["102"], near: ["103", "104"], scores: [0.6, 0.5]}]
:param measure => "jaccard"
:param run => "similarity-2"
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (i:Item {id: row.item})
  CALL (i, row) {
    MATCH (i)-[old:SIMILAR {measure: $measure}]->(j:Item)
    WHERE j.id IN row.gone
    DELETE old
    RETURN count(*) AS deleted
  }
  CALL (i, row) {
    UNWIND range(0, size(row.near) - 1) AS n
    MATCH (j:Item {id: row.near[n]})
    MERGE (i)-[similar:SIMILAR {measure: $measure}]->(j)
    SET similar.score = row.scores[n], similar.run = $run
    RETURN count(*) AS written
  }
  RETURN deleted, written
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(row) AS items, sum(deleted) AS deleted, sum(written) AS written;
