// Which items are bought most often.
//
// A borrowed book counts as bought.
// Returns: item STRING, title STRING, purchases INTEGER, buyers INTEGER; most purchases first, ties by buyers and item
/*
:param k => 5
*/
MATCH (:User)-[b:BOUGHT|BORROWED]->(i:Item)
WITH i, sum(b.count) AS purchases, count(b) AS buyers
RETURN i.id AS item, i.title AS title, purchases, buyers
ORDER BY purchases DESC, buyers DESC, item
LIMIT $k;
