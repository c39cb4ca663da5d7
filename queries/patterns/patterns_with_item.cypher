// Which sequential patterns hold one item, the most frequent first.
//
// Needs:   patterns/write_patterns
// Returns: pattern STRING, items LIST<STRING>, kind STRING, period STRING, support INTEGER; the highest support first, ties by pattern
/*
:param item => "101"
:param k => 20
*/
MATCH (:Item {id: $item})<-[:HOLDS]-(p:Pattern)
RETURN DISTINCT p.id AS pattern, p.items AS items, p.kind AS kind, p.period AS period, p.support AS support
ORDER BY support DESC, pattern
LIMIT $k;
