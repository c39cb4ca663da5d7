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
CALL (s) {
  MATCH (s)-[e:INCLUDES]->(i:Item)
  WITH coalesce(e.category, i.derived_category) AS category, e.position AS position
  WHERE category IS NOT NULL
  WITH collect({category: category, position: position}) AS events, min(category) <> max(category) AS several
  WHERE several // most sessions stay in one category, and need no order
  UNWIND events AS event
  WITH event
  ORDER BY event.position
  WITH collect(event) AS events
  UNWIND range(0, size(events) - 2) AS n
  WITH events[n] AS event, events[n + 1 .. n + 1 + $window] AS others
  UNWIND others AS other
  WITH event.category AS x, other.category AS y, other.position - event.position AS distance
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
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS pairs;
