// Say that a load is over.
//
// Returns: nothing
/*
:param holder => "load-1"
*/
MATCH (m:Meta {id: 'loading'})
WHERE m.holder = $holder
DELETE m;
