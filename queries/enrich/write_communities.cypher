// Write which community items belong to; null for one that belongs to none.
//
// Returns: items INTEGER; one row
/*
:param rows => [{item_id: "101", community: 0}, {item_id: "102", community: 0}, {item_id: "106", community: null}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item_id})
SET i.community = row.community
RETURN count(i) AS items;
