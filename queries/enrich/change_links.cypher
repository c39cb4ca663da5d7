// Change which others some items are similar to by one measure: delete links, change scores, write new links.
//
// Returns: items INTEGER, deleted INTEGER, scored INTEGER, written INTEGER (links); one row. A link keeps the run that wrote it when its score changes.
/*
:param rows => [{item: "101", gone: ["102"], scored: {}, near: ["104"], scores: [0.5]}, {item: "102", gone: [], scored: {`101`: 0.6}, near: [], scores: []}]
:param measure => "jaccard"
:param run => "similarity-2"
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (i:Item {id: row.item})
  CALL (i, row) {
    WITH i, row
    WHERE size(row.gone) > 0 OR size(keys(row.scored)) > 0
    MATCH (i)-[old:SIMILAR {measure: $measure}]->(j:Item)
    WITH old, j.id IN row.gone AS gone, row.scored[j.id] AS score
    FOREACH (_ IN CASE WHEN gone THEN [1] ELSE [] END | DELETE old)
    FOREACH (_ IN CASE WHEN score IS NULL THEN [] ELSE [1] END | SET old.score = score)
    RETURN sum(CASE WHEN gone THEN 1 ELSE 0 END) AS deleted, count(score) AS scored
  }
  CALL (i, row) {
    UNWIND range(0, size(row.near) - 1) AS n
    MATCH (j:Item {id: row.near[n]})
    MERGE (i)-[similar:SIMILAR {measure: $measure}]->(j)
    SET similar.score = row.scores[n], similar.run = $run
    RETURN count(*) AS written
  }
  RETURN deleted, scored, written
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(row) AS items, sum(deleted) AS deleted, sum(scored) AS scored, sum(written) AS written;
