// Which of these items are not in the shop: those that a model learned of and that have left since.
//
// Returns: item_id STRING; by item
/*
:param items => ["101", "999", "102"]
*/
UNWIND $items AS id
WITH id
WHERE NOT EXISTS { (:Item {id: id}) }
RETURN id AS item_id
ORDER BY item_id;
