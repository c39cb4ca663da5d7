// Count anew which items occur in the same sessions: w(a, b) = Σ 1 / (distance of positions), or as the weighting says, over all sessions and pairs of positions within the window. Of all items, or of those given.
//
// Returns: items INTEGER (with neighbours), pairs INTEGER (once or twice each: a pair is written from both ends, as one edge from the smaller id); one row. A pair is kept where it is among the top pairs of one of its ends.
/*
:param window => 20
:param min_sessions => 2
:param top => 50
:param weighting => "distance"
:param run => "co-occurrence"
:param items => null
*/
CALL () {
  WITH $items AS some
  WHERE some IS NULL
  MATCH (i:Item)
  RETURN i
  UNION ALL
  UNWIND $items AS id
  MATCH (i:Item {id: id})
  RETURN i
}
WITH i
WHERE i.popularity > 0
CALL (i) {
  MATCH (i)<-[p:INCLUDES]-(s:Session)-[q:INCLUDES]->(other:Item)
  WITH i, other, s, abs(q.position - p.position) AS distance
  WHERE distance <= $window AND other <> i
  WITH i, other, s,
    CASE $weighting WHEN 'distance' THEN sum(1.0 / distance) WHEN 'nearest' THEN toFloat(count(*)) / min(distance) ELSE toFloat(count(*)) END AS part
  WITH i, other, round(sum(part), 9) AS weight, count(*) AS sessions
  WHERE sessions >= $min_sessions
  WITH other, weight, sessions,
    CASE WHEN i.id < other.id THEN i ELSE other END AS a, CASE WHEN i.id < other.id THEN other ELSE i END AS b
  ORDER BY weight DESC, sessions DESC, a.id, b.id
  LIMIT $top
  MERGE (a)-[w:CO_OCCURS]->(b)
  SET w.weight = weight, w.sessions = sessions, w.run = $run
  RETURN count(*) AS number
} IN TRANSACTIONS OF 500 ROWS
WITH number
WHERE number > 0
RETURN count(*) AS items, sum(number) AS pairs;
