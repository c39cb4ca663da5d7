// How much hangs on a user.
//
// Returns: users INTEGER (0 or 1), sessions INTEGER, events INTEGER, relationships INTEGER (to items and categories); one row
/*
:param user => "5"
*/
OPTIONAL MATCH (u:User {id: $user})
RETURN count(u) AS users, sum(COUNT { (u)-[:HAD]->(:Session) }) AS sessions,
  sum(COUNT { (u)-[:HAD]->(:Session)-[:INCLUDES|TAKEN_BACK]->() }) AS events,
  sum(COUNT { (u)-[:VIEWED|CARTED|BOUGHT|BORROWED|PREFERS|RECOMMENDED]->() }) AS relationships;
