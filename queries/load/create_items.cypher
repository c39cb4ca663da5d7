// Create items with their properties.
//
// Returns: items INTEGER; one row
/*
:param rows => [{id: "201", title: "Tin cup", price: 4.0, popularity: 0}]
*/
UNWIND $rows AS row
CREATE (i:Item)
SET i = row
RETURN count(*) AS items;
