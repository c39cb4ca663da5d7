// The plain way to write the categories that an item had; the first observation tells periods apart.
//
// Returns: nothing
/*
:param rows => [{item_id: "1", category_id: "1", since: null, until: null, seen: [0]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item_id})
MATCH (c:Category {id: row.category_id})
MERGE (i)-[w:WAS_IN_CATEGORY {seen: row.seen}]->(c)
SET w.since = row.since, w.until = row.until;
