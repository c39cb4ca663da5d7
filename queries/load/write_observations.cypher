// Write anew when items were seen in the categories that they had and have.
//
// Returns: periods INTEGER; one row
/*
:param rows => [{item: "103", periods: [["4", 1600043200000, null, [1600043200000, 1600043800000]]]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
UNWIND row.periods AS period
MATCH (i)-[w:WAS_IN_CATEGORY]->(:Category {id: period[0]})
WHERE w.since = period[1] OR (w.since IS NULL AND period[1] IS NULL)
SET w.seen = period[3]
RETURN count(w) AS periods;
