// Set properties of items; a property that is null goes.
//
// Returns: items INTEGER; one row
/*
:param rows => [{id: "101", price: 38.0, brand: null}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.id})
SET i += row
RETURN count(*) AS items;
