// Give items that have no embedding theirs, and mark them, so that neighbours are looked up.
//
// Returns: items INTEGER; one row
/*
:param rows => [{item_id: "107", embedding: [0.6, 0.8]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item_id})
SET i.embedding = row.embedding, i:NeighboursStale
RETURN count(i) AS items;
