// Which items and sessions live loads marked since their pairs were counted; the marks go.
//
// Returns: items LIST<STRING> (all of whose pairs are to be counted anew), sessions LIST<STRING> (whose pairs became more); one row
CALL () {
  MATCH (i:Item&PairsStale)
  WITH i
  ORDER BY i.id
  REMOVE i:PairsStale
  RETURN collect(i.id) AS items
}
CALL () {
  MATCH (s:Session&PairsStale)
  WITH s
  ORDER BY s.id
  REMOVE s:PairsStale
  RETURN collect(s.id) AS sessions
}
RETURN items, sessions;
