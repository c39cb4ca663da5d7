// Claim the database for one load: whoever runs this in an open transaction makes others wait until that ends.
//
// Returns: claimed STRING; one row
/*
:param holder => "load-1"
*/
MERGE (m:Meta {id: 'claim'})
SET m.holder = $holder
RETURN m.holder AS claimed;
