// Which rules lead to one item, the surest first.
//
// Needs:   patterns/write_rules
// Returns: rule STRING, items LIST<STRING>, kind STRING, support INTEGER, confidence FLOAT, lift FLOAT; the highest confidence first, ties by rule
/*
:param item => "102"
:param k => 20
*/
MATCH (:Item {id: $item})<-[:LEADS_TO]-(r:Rule)
RETURN r.id AS rule, r.items AS items, r.kind AS kind, r.support AS support, r.confidence AS confidence, r.lift AS lift
ORDER BY confidence DESC, rule
LIMIT $k;
