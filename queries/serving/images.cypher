// Which items have a picture, by its address.
//
// Needs:   serving/change_items
// Returns: item_id STRING, image STRING; by id
MATCH (i:Item)
WHERE i.image STARTS WITH 'http'
RETURN i.id AS item_id, i.image AS image
ORDER BY item_id;
