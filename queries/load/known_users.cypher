// What the graph has of some users.
//
// Returns: user STRING, first_seen INTEGER, last_seen INTEGER (ms UTC); in the order given, unknown users left out
/*
:param users => ["1", "4", "new"]
*/
UNWIND $users AS id
MATCH (u:User {id: id})
RETURN u.id AS user, u.first_seen AS first_seen, u.last_seen AS last_seen;
