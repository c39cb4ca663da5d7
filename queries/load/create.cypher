// Create users, sessions with their events, and what users did with items: VIEWED, CARTED, BOUGHT or BORROWED, how often, first and last.
//
// Users, sessions and items are named by their places: that of a user counts the new ones, then the known ones, that of
// a session those that are created here. So a node is looked up once, however many relationships it gets. A session
// whose user is null belongs to nobody.
//
// Returns: sessions INTEGER, events INTEGER, edges INTEGER; one row
/*
:param users => [["7", 1600000000000, 1600000060000]]
:param known => ["1"]
:param items => ["101", "102"]
:param sessions => [["1@5", 1, 1600000000000, 1600000060000, 2, null], ["7@0", 0, 1600000000000, 1600000060000, 1, null], ["n", null, 1600000000000, 1600000060000, 1, null]]
:param events => [[0, 0, 0, 1600000000000, "view", "k1", "2", null, null, null, null], [0, 1, 1, 1600000060000, "buy", "k2", "4", null, null, null, null], [1, 0, 0, 1600000000000, "view", "k3", "2", null, null, null, null], [2, 0, 0, 1600000000000, "view", "k4", "2", null, null, null, null]]
:param edges => [[0, 0, "VIEWED", 1, 1600000000000, 1600000000000]]
*/
CALL () {
  UNWIND range(0, size($users) - 1) AS place
  WITH place, $users[place] AS row
  CREATE (u:User {id: row[0], first_seen: row[1], last_seen: row[2]})
  WITH u
  ORDER BY place
  RETURN collect(u) AS created
}
CALL (created) {
  UNWIND range(0, size($known) - 1) AS place
  MATCH (u:User {id: $known[place]})
  WITH u
  ORDER BY place
  WITH collect(u) AS known
  RETURN created + known AS users
}
CALL (users) {
  UNWIND range(0, size($items) - 1) AS place
  MATCH (i:Item {id: $items[place]})
  WITH i
  ORDER BY place
  RETURN collect(i) AS items
}
CALL (users) {
  UNWIND range(0, size($sessions) - 1) AS place
  WITH users, place, $sessions[place] AS row
  CREATE (s:Session {id: row[0], started: row[2], ended: row[3], length: row[4], named: row[5]})
  FOREACH (owner IN CASE WHEN row[1] IS NULL THEN [] ELSE [users[row[1]]] END | CREATE (owner)-[:HAD]->(s))
  WITH s
  ORDER BY place
  RETURN collect(s) AS sessions
}
CALL (items, sessions) {
  UNWIND $events AS row
  WITH sessions[row[0]] AS s, items[row[1]] AS i, row
  CREATE (s)-[:INCLUDES {position: row[2], at: row[3], event: row[4], event_key: row[5], category: row[6], place: row[7], anonymous: row[8], quantity: row[9], returned: row[10]}]->(i)
  RETURN count(*) AS events
}
CALL (users, items) {
  UNWIND $edges AS row
  WITH users[row[0]] AS u, items[row[1]] AS i, row
  CREATE (u)-[:$(row[2]) {count: row[3], first: row[4], last: row[5]}]->(i)
  RETURN count(*) AS edges
}
RETURN size(sessions) AS sessions, events, edges;
