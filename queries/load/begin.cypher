// Say which load is at work, so that one that lost its claim writes nothing more.
//
// Returns: holder STRING; one row
/*
:param holder => "load-1"
:param started => 1600540000000
*/
MERGE (m:Meta {id: 'loading'})
SET m.holder = $holder, m.started = $started
RETURN m.holder AS holder;
