// Build anew which categories each user prefers: how often the user bought items of a category, or acted on them, each kind of event with its weight. Of all users, or of those given.
//
// Returns: preferences INTEGER, frequency FLOAT (their sum); one row. An edge's score is its share of the user's frequency.
/*
:param view => 0.0
:param cart => 0.0
:param buy => 1.0
:param borrow => 1.0
:param run => "preferences"
:param users => null
*/
CALL () {
  WITH $users AS some
  WHERE some IS NULL
  MATCH (u:User)
  RETURN u
  UNION ALL
  UNWIND $users AS id
  MATCH (u:User {id: id})
  RETURN u
}
CALL (u) {
  OPTIONAL MATCH (u)-[old:PREFERS]->(:Category)
  DELETE old
  WITH DISTINCT u
  MATCH (u)-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(:Item)-[:IN_CATEGORY]->(c:Category)
  WITH u, c, sum(did.count * CASE type(did) WHEN 'VIEWED' THEN $view WHEN 'CARTED' THEN $cart WHEN 'BOUGHT' THEN $buy ELSE $borrow END) AS frequency
  WHERE frequency > 0
  WITH u, collect({category: c, frequency: frequency}) AS preferences, sum(frequency) AS total
  UNWIND preferences AS preference
  WITH u, preference.category AS c, preference.frequency AS frequency, total
  CREATE (u)-[:PREFERS {frequency: frequency, score: frequency / total, run: $run}]->(c)
  RETURN count(*) AS number, sum(frequency) AS frequency
} IN TRANSACTIONS OF 5000 ROWS
RETURN sum(number) AS preferences, sum(frequency) AS frequency;
