// What fits many histories at once: items that co-occur with those seen lately, each damped by its popularity.
//
// Source:  item-based collaborative filtering, Sarwar et al. 2001
// Returns: question INTEGER, item_id STRING, score FLOAT (Σ weight / (age + 1) / √popularity, age 0 being the latest item), via LIST<STRING> (the items behind it, the largest part first), amounts LIST<FLOAT> (the parts, which add up to the score); by question, the best first, ties by item
/*
:param rows => [{question: 0, items: ["104", "103", "102", "101"], left_out: ["101", "102", "103", "104"]}, {question: 1, items: ["105"], left_out: []}]
:param allowed => null
:param available => false
:param k => 5
*/
UNWIND $rows AS row
CALL (row) {
  UNWIND range(0, size(row.items) - 1) AS age
  MATCH (seen:Item {id: row.items[age]})-[w:CO_OCCURS]-(item:Item)
  WHERE item.popularity > 0 AND NOT item.id IN row.left_out AND ($allowed IS NULL OR item.id IN $allowed) AND (NOT $available OR coalesce(item.available, true))
  WITH item, seen.id AS via, w.weight / (age + 1) / sqrt(item.popularity) AS part
  ORDER BY part DESC, via
  WITH item, sum(part) AS score, collect(via) AS via, collect(part) AS amounts
  RETURN item, score, via, amounts
  ORDER BY score DESC, item.id
  LIMIT $k
}
RETURN row.question AS question, item.id AS item_id, score, via, amounts
ORDER BY question, score DESC, item_id;
