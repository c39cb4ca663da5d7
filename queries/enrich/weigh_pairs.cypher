// Count some pairs of items anew over all sessions that hold both, as enrich/item_co_occurrence does for all, whether they are among the top pairs or not.
//
// Returns: pairs INTEGER (that are in enough sessions); one row
/*
:param pairs => [["101", "102"], ["101", "103"], ["104", "105"]]
:param window => 20
:param min_sessions => 2
:param weighting => "distance"
:param run => "co-occurrence"
*/
UNWIND $pairs AS pair
MATCH (a:Item {id: pair[0]})
MATCH (b:Item {id: pair[1]})
WITH CASE WHEN a.popularity <= b.popularity THEN [a, b] ELSE [b, a] END AS ends
WITH ends[0] AS few, collect(ends[1]) AS others // the sessions of an item are read once for all its pairs
WHERE few.popularity >= $min_sessions
CALL (few, others) {
  MATCH (few)<-[p:INCLUDES]-(s:Session)
  WITH few, others, s, collect(p.position) AS positions
  MATCH (s)-[q:INCLUDES]->(other)
  WHERE other IN others
  UNWIND positions AS position
  WITH few, other, s, abs(q.position - position) AS distance
  WHERE distance <= $window
  WITH few, other, s,
    CASE $weighting WHEN 'distance' THEN sum(1.0 / distance) WHEN 'nearest' THEN toFloat(count(*)) / min(distance) ELSE toFloat(count(*)) END AS part
  WITH few, other, round(sum(part), 9) AS weight, count(*) AS sessions
  WHERE sessions >= $min_sessions
  WITH weight, sessions,
    CASE WHEN few.id < other.id THEN few ELSE other END AS a, CASE WHEN few.id < other.id THEN other ELSE few END AS b
  MERGE (a)-[w:CO_OCCURS]->(b)
  SET w.weight = weight, w.sessions = sessions, w.run = $run
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN sum(number) AS pairs;
