// Write rules with the items on their left and right sides.
//
// Returns: rules INTEGER; one row
/*
:param run => "rules-1"
:param rows => [{id: "event:101>102", kind: "consequential", period: "event", items: ["101"], elements: [0], right: "102", support: 2, confidence: 0.5, lift: 3.0}]
*/
UNWIND $rows AS row
MATCH (right:Item {id: row.right})
MERGE (r:Rule {id: row.id})
SET r.run = $run, r.kind = row.kind, r.period = row.period, r.items = row.items, r.support = row.support,
    r.confidence = row.confidence, r.lift = row.lift
MERGE (r)-[:LEADS_TO]->(right)
WITH r, row
UNWIND range(0, size(row.items) - 1) AS place
MATCH (left:Item {id: row.items[place]})
MERGE (r)-[:STARTS_FROM {position: place, element: row.elements[place]}]->(left)
RETURN count(DISTINCT r) AS rules;
