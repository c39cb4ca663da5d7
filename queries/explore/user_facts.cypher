// What the graph knows about one user.
//
// Returns: user STRING, first_seen INTEGER, last_seen INTEGER (ms UTC), sessions INTEGER, viewed INTEGER, carted INTEGER, bought INTEGER (items each); one row
/*
:param user => "1"
*/
MATCH (u:User {id: $user})
RETURN u.id AS user, u.first_seen AS first_seen, u.last_seen AS last_seen,
  COUNT { (u)-[:HAD]->() } AS sessions,
  COUNT { (u)-[:VIEWED]->() } AS viewed,
  COUNT { (u)-[:CARTED]->() } AS carted,
  COUNT { (u)-[:BOUGHT]->() } AS bought;
