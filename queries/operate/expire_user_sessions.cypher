// Delete the sessions of users that ended before a moment, and count anew what these users did; a user who has no session left goes.
//
// Each transaction takes whole users, so that after an interruption every user is as before or as afterwards, and the
// statement can be run again. Sessions without times stay.
//
// Returns: users INTEGER (touched), gone INTEGER (users deleted); one row
/*
:param before => 1600003600000
*/
MATCH (s:Session)
WHERE s.ended < $before
MATCH (u:User)-[:HAD]->(s)
WITH DISTINCT u
CALL (u) {
  CALL (u) {
    MATCH (u)-[:HAD]->(s:Session)
    WHERE s.ended < $before
    DETACH DELETE s
  }
  CALL (u) {
    MATCH (u)-[old:VIEWED|CARTED|BOUGHT|BORROWED]->(:Item)
    DELETE old
  }
  CALL (u) {
    MATCH (u)-[:HAD]->(:Session)-[r:INCLUDES]->(i:Item)
    WHERE NOT coalesce(r.anonymous, false)
    WITH u, i, r, toInteger(round(coalesce(r.quantity, 1.0) - coalesce(r.returned, 0.0))) AS left
    WITH u, i, r.event AS event, sum(CASE WHEN left > 1 THEN left ELSE 1 END) AS events, min(r.at) AS first, max(r.at) AS last
    WITH u, i, events, first, last, CASE event WHEN 'view' THEN 'VIEWED' WHEN 'cart' THEN 'CARTED' WHEN 'buy' THEN 'BOUGHT' ELSE 'BORROWED' END AS type
    CREATE (u)-[:$(type) {count: events, first: first, last: last}]->(i)
    WITH u, min(first) AS first_seen, max(last) AS last_seen
    SET u.first_seen = first_seen, u.last_seen = last_seen
  }
  WITH u, NOT EXISTS { (u)-[:HAD]->(:Session) } AS left
  FOREACH (_ IN CASE WHEN left THEN [1] ELSE [] END | DETACH DELETE u)
  RETURN left
} IN TRANSACTIONS OF 200 ROWS
RETURN count(*) AS users, sum(CASE WHEN left THEN 1 ELSE 0 END) AS gone;
