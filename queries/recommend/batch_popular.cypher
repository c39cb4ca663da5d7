// What is popular in the whole shop, for many questions at once: what is left for users of whom nothing is known.
//
// Returns: question INTEGER, item_id STRING, score FLOAT (events), via LIST<STRING> (empty), amounts LIST<FLOAT> (empty); by question, the best first, ties by item
/*
:param rows => [{question: 0, items: ["104"], left_out: ["101", "102", "103", "104"]}, {question: 1, items: [], left_out: []}]
:param allowed => null
:param available => false
:param k => 3
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (item:Item)
  WHERE item.popularity > 0 AND NOT item.id IN row.left_out AND ($allowed IS NULL OR item.id IN $allowed) AND (NOT $available OR coalesce(item.available, true))
  RETURN item, toFloat(item.popularity) AS score
  ORDER BY item.popularity DESC, item.id
  LIMIT $k
}
RETURN row.question AS question, item.id AS item_id, score, [] AS via, [] AS amounts
ORDER BY question, score DESC, item_id;
