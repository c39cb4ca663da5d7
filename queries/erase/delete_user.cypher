// Delete a user with every relationship of the user.
//
// Returns: users INTEGER; one row
/*
:param user => "5"
*/
MATCH (u:User {id: $user})
DETACH DELETE u
RETURN count(*) AS users;
