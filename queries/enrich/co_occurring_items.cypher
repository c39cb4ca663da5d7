// Which items occur together, and how strongly.
//
// Returns: firsts LIST<STRING>, seconds LIST<STRING>, weights LIST<FLOAT> (the ends and the weight of each edge); one row, the lists by first, then second
MATCH (i:Item)-[w:CO_OCCURS]->(near:Item)
WITH i.id AS first, near.id AS second, w.weight AS weight
ORDER BY first, second
RETURN collect(first) AS firsts, collect(second) AS seconds, collect(weight) AS weights;
