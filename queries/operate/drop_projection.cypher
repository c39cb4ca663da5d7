// Drop one projection from memory.
//
// Needs:   enrich/project_item_co_occurrence
// Returns: projection STRING; no row where there is none
/*
:param projection => "item_co_occurrence"
*/
CALL gds.graph.drop($projection, false)
YIELD graphName
RETURN graphName AS projection;
