// Which users did something.
//
// Returns: user_id STRING; by id
MATCH (u:User)
WHERE EXISTS { (u)-[:HAD]->(:Session) }
RETURN u.id AS user_id
ORDER BY user_id;
