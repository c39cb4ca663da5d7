// Delete the co-occurrence edges of some items that are no more among the top pairs of either end.
//
// Returns: deleted INTEGER; one row. A row says how many pairs of an item became stronger: so many of the former top are looked at, and those of this run.
/*
:param rows => [{item: "101", stronger: 2}, {item: "102", stronger: 1}]
:param top => 50
:param run => "co-occurrence"
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
CALL (i, row) {
  MATCH (i)-[w:CO_OCCURS]-(other:Item)
  WITH row, w, other, startNode(w).id AS a, endNode(w).id AS b
  ORDER BY w.weight DESC, w.sessions DESC, a, b
  WITH row, collect({edge: w, other: other, a: a, b: b}) AS pairs
  UNWIND range($top, size(pairs) - 1) AS place
  WITH row, place, pairs[place] AS pair
  WITH row, place, pair.edge AS w, pair.other AS other, pair.a AS a, pair.b AS b
  WHERE place < $top + row.stronger OR w.run = $run
  WITH w, other, a, b
  WHERE COUNT {
    MATCH (other)-[v:CO_OCCURS]-(:Item)
    WHERE v.weight > w.weight OR (v.weight = w.weight AND (v.sessions > w.sessions OR (v.sessions = w.sessions
      AND (startNode(v).id < a OR (startNode(v).id = a AND endNode(v).id < b)))))
  } >= $top
  DELETE w
  RETURN count(*) AS number
} IN TRANSACTIONS OF 100 ROWS
RETURN sum(number) AS deleted;
