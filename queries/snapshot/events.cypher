// The next sessions after one of them with their users and events, packed into lists.
//
// Returns: ids LIST<STRING> (of sessions), users LIST<STRING> (the first by id; empty: none), started LIST<INTEGER> (ms UTC), session LIST<INTEGER> (place in ids), items LIST<STRING>, events LIST<STRING>, times LIST<INTEGER> (ms UTC), positions LIST<INTEGER>; one row, the lists of events by session and position
/*
:param after => ""
:param k => 3
:param unknown => -1
*/
MATCH (s:Session)
WHERE s.id > $after
WITH s
ORDER BY s.id
LIMIT $k
WITH collect(s) AS sessions
CALL (sessions) {
  UNWIND range(0, size(sessions) - 1) AS place
  WITH place, sessions[place] AS s
  MATCH (s)-[e:INCLUDES]->(i:Item)
  WITH place, e, i
  ORDER BY place, e.position
  RETURN collect(place) AS session, collect(coalesce(toStringOrNull(i.id), '')) AS items, collect(coalesce(e.event, '')) AS events,
    collect(coalesce(e.at, $unknown)) AS times, collect(coalesce(e.position, $unknown)) AS positions
}
RETURN [s IN sessions | s.id] AS ids,
  [s IN sessions | coalesce(reduce(first = null, id IN [(u:User)-[:HAD]->(s) | u.id] | CASE WHEN first < id THEN first ELSE id END), '')] AS users,
  [s IN sessions | coalesce(s.started, $unknown)] AS started, session, items, events, times, positions;
