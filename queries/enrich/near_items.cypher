// Link the most popular items to those nearest to them in the space of the embeddings, and replace their former links of that measure.
//
// Needs:   enrich/item_embedding_index
// Returns: items INTEGER, similar INTEGER (edges written); one row. The score is the cosine, from -1 to 1. More are looked up than are linked, so that ties are cut by item.
/*
:param top => 2
:param most_items => 100000
:param measure => "embedding"
:param run => "neighbours-1"
*/
MATCH (i:Item)
WHERE i.embedding IS NOT NULL
WITH i
ORDER BY i.popularity DESC, i.id
LIMIT $most_items
CALL (i) {
  OPTIONAL MATCH (i)-[old:SIMILAR {measure: $measure}]->(:Item)
  DELETE old
  WITH DISTINCT i
  CALL db.index.vector.queryNodes('item_embedding', 4 * $top + 1, i.embedding)
  YIELD node AS near, score
  WITH i, near, score
  WHERE near <> i
  WITH i, near, score
  ORDER BY score DESC, near.id
  LIMIT $top
  CREATE (i)-[:SIMILAR {measure: $measure, score: 2 * score - 1, run: $run}]->(near)
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(i) AS items, sum(number) AS similar;
