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
CALL (a, b) {
  WITH a, b, CASE WHEN a.popularity <= b.popularity THEN [a, b] ELSE [b, a] END AS ends
  WITH a, b, ends[0] AS few, ends[1] AS many
  WHERE few.popularity >= $min_sessions
  MATCH (few)<-[p:INCLUDES]-(s:Session)
  WITH a, b, many, s, collect(p.position) AS positions // at once, or the planner begins at the many
  MATCH (s)-[q:INCLUDES]->(many)
  UNWIND positions AS position
  WITH a, b, s, abs(q.position - position) AS distance
  WHERE distance <= $window
  WITH a, b, s,
    CASE $weighting WHEN 'distance' THEN sum(1.0 / distance) WHEN 'nearest' THEN toFloat(count(*)) / min(distance) ELSE toFloat(count(*)) END AS part
  WITH a, b, round(sum(part), 9) AS weight, count(*) AS sessions
  WHERE sessions >= $min_sessions
  MERGE (a)-[w:CO_OCCURS]->(b)
  SET w.weight = weight, w.sessions = sessions, w.run = $run
  RETURN count(*) AS number
} IN TRANSACTIONS OF 1000 ROWS
RETURN sum(number) AS pairs;
