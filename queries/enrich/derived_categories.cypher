// Put items into categories that were derived from communities, and out of those of a former run.
//
// Returns: items INTEGER; one row
/*
:param run => "categories-1"
:param rows => [{item_id: "101", category_id: "derived-0"}, {item_id: "102", category_id: "derived-0"}, {item_id: "104", category_id: "derived-1"}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item_id})
CALL (i) {
  MATCH (i)-[old:IN_CATEGORY]->(:Category {derived: true})
  DELETE old
}
MERGE (c:Category {id: row.category_id})
SET c.derived = true, c.code = c.id, c.level = 0, c.run = $run
CREATE (i)-[:IN_CATEGORY]->(c)
SET i.derived_category = c.id
RETURN count(i) AS items;
