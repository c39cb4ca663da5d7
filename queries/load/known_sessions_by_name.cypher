// Which sessions a source calls by these names, with or without a user, with all their events.
//
// Returns: session STRING, user STRING (null where it has none), started INTEGER, ended INTEGER (ms UTC), length INTEGER, named STRING, events LIST<LIST> (item, position, at, event, key, category, place, anonymous, quantity, returned, taken back); by session. A session that two users share has become one for each, so several rows may belong to one name.
/*
:param names => ["x-0", "shared"]
*/
UNWIND $names AS name
CALL (name) {
  MATCH (s:Session {id: name})
  RETURN s
  UNION
  MATCH (s:Session {named: name})
  RETURN s
}
WITH DISTINCT s
OPTIONAL MATCH (u:User)-[:HAD]->(s)
CALL (s) {
  MATCH (s)-[r:INCLUDES|TAKEN_BACK]->(i:Item)
  WITH r, i, CASE type(r) WHEN "TAKEN_BACK" THEN true END AS taken_back
  ORDER BY taken_back DESC, r.position
  RETURN collect([i.id, r.position, r.at, r.event, r.event_key, r.category, r.place, r.anonymous, r.quantity, r.returned, taken_back]) AS events
}
RETURN s.id AS session, u.id AS user, s.started AS started, s.ended AS ended, s.length AS length, s.named AS named, events
ORDER BY session;
