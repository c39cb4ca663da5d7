// Hold the nodes and relationships that are to be exported as they are at this moment.
//
// Returns: nodes INTEGER, relationships INTEGER; one row
/*
:param projection => "export"
:param labels => ["User", "Item"]
:param relationships => ({BOUGHT: {properties: {count: {defaultValue: 0.0}, last: {defaultValue: 0.0}}}})
*/
CALL gds.graph.project($projection, $labels, $relationships)
YIELD nodeCount, relationshipCount
RETURN nodeCount AS nodes, relationshipCount AS relationships;
