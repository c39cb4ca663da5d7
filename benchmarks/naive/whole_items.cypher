// The plain way to write items with all that is known of them.
//
// Returns: nothing
/*
:param rows => [{item_id: "1", price: 1.0, popularity: 0}]
*/
UNWIND $rows AS row
MERGE (i:Item {id: row.item_id})
SET i.title = row.title, i.price = row.price, i.brand = row.brand, i.available = row.available,
  i.popularity = row.popularity, i.price_at = row.price_at, i.available_at = row.available_at;
