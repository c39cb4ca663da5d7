// Which projections the Graph Data Science library holds in memory.
//
// Needs:   enrich/project_item_co_occurrence
// Returns: projection STRING, nodes INTEGER, relationships INTEGER; most relationships first, ties by projection
CALL gds.graph.list()
YIELD graphName, nodeCount, relationshipCount
RETURN graphName AS projection, nodeCount AS nodes, relationshipCount AS relationships
ORDER BY relationships DESC, projection;
