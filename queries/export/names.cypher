// Which labels, relationship types and properties there are to export, and how many nodes and relationships.
//
// Returns: labels LIST<MAP> (name, count), types LIST<MAP> (name, count), properties LIST<STRING>; one row
CALL db.stats.retrieve('GRAPH COUNTS')
YIELD data
WITH [n IN data.nodes WHERE n.label IS NOT NULL | {name: n.label, count: n.count}] AS labels,
  [r IN data.relationships WHERE r.relationshipType IS NOT NULL AND r.startLabel IS NULL AND r.endLabel IS NULL
  | {name: r.relationshipType, count: r.count}] AS types
RETURN labels, types,
  COLLECT { CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey ORDER BY propertyKey } AS properties;
