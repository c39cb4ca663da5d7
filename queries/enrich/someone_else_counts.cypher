// Whether a user who is not marked did something that counts for preferences with an item that has a category.
//
// Returns: found BOOLEAN; one row
/*
:param kinds => ["BOUGHT", "BORROWED"]
*/
RETURN EXISTS {
  MATCH (:User&!PreferencesStale)-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(:Item)-[:IN_CATEGORY]->(:Category)
  WHERE type(did) IN $kinds
} AS found;
