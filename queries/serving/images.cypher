// Which items have a picture, by its address; an address may hold the picture itself (data:image/…).
//
// Needs:   serving/change_items
// Returns: item_id STRING, image STRING; by id
MATCH (i:Item)
WHERE i.image STARTS WITH 'http' OR i.image STARTS WITH 'data:image/'
RETURN i.id AS item_id, i.image AS image
ORDER BY item_id;
