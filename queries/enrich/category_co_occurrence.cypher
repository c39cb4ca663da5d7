// Count anew which categories occur in the same sessions, each item in the category that it had at that moment (or the derived one): w(x, y) = Σ over sessions of Σ 1 / (distance of positions), or as the weighting says.
//
// Returns: pairs INTEGER (one edge each, from the smaller id); one row. A pair is kept where it is among the top pairs of one of its ends.
/*
:param window => 20
:param min_sessions => 2
:param top => 50
:param weighting => "distance"
:param run => "co-occurrence"
*/
MATCH (s:Session)
WHERE s.length > 1
WITH s
WHERE size(COLLECT { MATCH (s)-[e:INCLUDES]->(i) RETURN DISTINCT coalesce(e.category, i.derived_category) }) > 1 // most stay in one category
CALL (s) {
  MATCH (s)-[e:INCLUDES]->(i)
  WITH coalesce(e.category, i.derived_category) AS category, e.position AS position
  WHERE category IS NOT NULL
  WITH category, position
  ORDER BY position
  WITH collect([position, category]) AS events // lists are read faster than maps
  UNWIND range(0, size(events) - 2) AS n
  WITH events[n] AS event, events[n + 1 .. n + 1 + $window] AS others
  UNWIND others AS other
  WITH event[1] AS x, other[1] AS y, other[0] - event[0] AS distance
  WHERE x <> y AND distance <= $window
  RETURN CASE WHEN x < y THEN x ELSE y END AS a, CASE WHEN x < y THEN y ELSE x END AS b,
    CASE $weighting WHEN 'distance' THEN sum(1.0 / distance) WHEN 'nearest' THEN toFloat(count(*)) / min(distance) ELSE toFloat(count(*)) END AS part
}
WITH a, b, round(sum(part), 9) AS weight, count(*) AS sessions
WHERE sessions >= $min_sessions
WITH {a: a, b: b, weight: weight, sessions: sessions} AS pair
ORDER BY pair.weight DESC, pair.sessions DESC, pair.a, pair.b
WITH collect(pair) AS pairs
UNWIND pairs AS pair
UNWIND [pair.a, pair.b] AS end
WITH end, collect(pair)[.. $top] AS kept
UNWIND kept AS pair
WITH DISTINCT pair
CALL (pair) {
  MATCH (a:Category {id: pair.a})
  MATCH (b:Category {id: pair.b})
  MERGE (a)-[w:CO_OCCURS]->(b)
  SET w.weight = pair.weight, w.sessions = pair.sessions, w.run = $run
} IN TRANSACTIONS OF 500 ROWS // a row counts with the list that it comes from: 10000 took 0.7 GiB of a large shop
RETURN count(*) AS pairs;
