// The price of every item that has one.
//
// Returns: item_id STRING, price FLOAT; by item
MATCH (i:Item)
WHERE i.price IS NOT NULL
RETURN i.id AS item_id, i.price AS price
ORDER BY item_id;
