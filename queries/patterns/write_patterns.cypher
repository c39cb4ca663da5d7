// Write sequential patterns with their items.
//
// Returns: patterns INTEGER; one row
/*
:param run => "rules-1"
:param rows => [{id: "clicks:event:101,102", kind: "clicks", period: "event", items: ["101", "102"], elements: [0, 1], support: 2}]
*/
UNWIND $rows AS row
MERGE (p:Pattern {id: row.id})
SET p.run = $run, p.kind = row.kind, p.period = row.period, p.items = row.items, p.support = row.support
WITH p, row
UNWIND range(0, size(row.items) - 1) AS place
MATCH (i:Item {id: row.items[place]})
MERGE (p)-[:HOLDS {position: place, element: row.elements[place]}]->(i)
RETURN count(DISTINCT p) AS patterns;
