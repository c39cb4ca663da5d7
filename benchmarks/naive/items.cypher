// The plain way to write the items that a batch of events names.
//
// Returns: nothing
/*
:param rows => [{item_id: "1"}]
*/
UNWIND $rows AS row
MERGE (i:Item {id: row.item_id});
