// What is popular in the category of the item that each of many histories ends with, for those of whom little is known.
//
// Returns: question INTEGER, item_id STRING, score FLOAT (share of the category's events), via LIST<STRING> (the last item), amounts LIST<FLOAT> (the score); by question, the best first, ties by item
/*
:param rows => [{question: 0, items: ["104", "103"], left_out: ["101", "102", "103", "104"]}, {question: 1, items: [], left_out: []}]
:param allowed => null
:param available => false
:param k => 5
*/
UNWIND $rows AS row
CALL (row) {
  MATCH (:Item {id: row.items[0]})-[:IN_CATEGORY]->(c:Category)
  RETURN c
  ORDER BY c.id
  LIMIT 1
}
WITH c, collect(row) AS asking, max(size(row.left_out)) AS seen
CALL (c, seen) {
  MATCH (c)<-[:IN_CATEGORY]-(i:Item)
  WHERE i.popularity > 0
  WITH i, seen
  ORDER BY i.popularity DESC, i.id
  WITH collect(i) AS all, sum(i.popularity) AS events, seen
  WITH [i IN all WHERE ($allowed IS NULL OR i.id IN $allowed) AND (NOT $available OR coalesce(i.available, true))] AS items, events, seen
  RETURN items[.. $k + seen] AS items, events
}
UNWIND asking AS one
CALL (one, items, events) {
  UNWIND items AS item
  WITH one, item, events
  WHERE NOT item.id IN one.left_out
  RETURN item, toFloat(item.popularity) / events AS score
  ORDER BY item.popularity DESC, item.id
  LIMIT $k
}
RETURN one.question AS question, item.id AS item_id, score, [one.items[0]] AS via, [score] AS amounts
ORDER BY question, score DESC, item_id;
