// Delete the sessions of a user with their events.
//
// Returns: sessions INTEGER; one row
/*
:param user => "5"
*/
MATCH (:User {id: $user})-[:HAD]->(s:Session)
DETACH DELETE s
RETURN count(*) AS sessions;
