// Wait until every index is built, an hour at most.
//
// Returns: nothing
/*
:param seconds => 3600
*/
CALL db.awaitIndexes($seconds);
