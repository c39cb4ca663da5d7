// Which sessions have some users, with all their events.
//
// Returns: session STRING, user STRING, started INTEGER, ended INTEGER (ms UTC), length INTEGER, named STRING (the source's own id where the session's does not tell it), events LIST<LIST> (item, position, at, event, key, category, place, anonymous, quantity, returned, taken back); by session
/*
:param users => ["4"]
*/
UNWIND $users AS user
MATCH (u:User {id: user})-[:HAD]->(s:Session)
CALL (s) {
  MATCH (s)-[r:INCLUDES|TAKEN_BACK]->(i:Item)
  WITH r, i, CASE type(r) WHEN "TAKEN_BACK" THEN true END AS taken_back
  ORDER BY taken_back DESC, r.position
  RETURN collect([i.id, r.position, r.at, r.event, r.event_key, r.category, r.place, r.anonymous, r.quantity, r.returned, taken_back]) AS events
}
RETURN s.id AS session, u.id AS user, s.started AS started, s.ended AS ended, s.length AS length, s.named AS named, events
ORDER BY session;
