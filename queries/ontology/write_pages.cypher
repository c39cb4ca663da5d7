// Write pages and the items that they show: the table that leads from an address to an object.
//
// Needs:   ontology/write_items
// Returns: pages INTEGER, shown INTEGER; one row. Items that the graph does not know are left out.
/*
:param rows => [{url: "/kettle", item: "101"}, {url: "/pots", item: "103"}, {url: "/lost", item: "nowhere"}]
*/
UNWIND $rows AS row
MERGE (p:Page {url: row.url})
WITH p, row
OPTIONAL MATCH (i:Item {id: row.item})
FOREACH (_ IN CASE WHEN i IS NULL THEN [] ELSE [1] END | MERGE (p)-[:SHOWS]->(i))
RETURN count(DISTINCT p) AS pages, count(i) AS shown;
