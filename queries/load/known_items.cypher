// Which properties have some items.
//
// Returns: item STRING, values LIST (in the order of the names); in the order given, unknown items left out
/*
:param items => ["101", "106", "new"]
:param names => ["title", "price", "available"]
*/
UNWIND $items AS id
MATCH (i:Item {id: id})
RETURN i.id AS item, [name IN $names | i[name]] AS values;
