// Write how strongly some pairs of categories occur together, and in how many sessions.
//
// Returns: pairs INTEGER; one row
/*
:param pairs => [["2", "4", 1.5, 3]]
:param run => "co-occurrence-2"
*/
UNWIND $pairs AS pair
MATCH (a:Category {id: pair[0]})
MATCH (b:Category {id: pair[1]})
MERGE (a)-[w:CO_OCCURS]->(b)
SET w.weight = pair[2], w.sessions = pair[3], w.run = $run
RETURN count(*) AS pairs;
