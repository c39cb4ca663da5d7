// What stands on the node of a user.
//
// Returns: properties MAP; one row, none where there is no such user
/*
:param user => "5"
*/
MATCH (u:User {id: $user})
RETURN properties(u) AS properties;
