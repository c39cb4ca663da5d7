// How many nodes each label and how many relationships each type has, from the database's own counters.
//
// Returns: kind STRING ("label" or "type"), name STRING, count INTEGER; labels first, most first, ties by name
CALL db.stats.retrieve('GRAPH COUNTS')
YIELD data
WITH [n IN data.nodes WHERE n.label IS NOT NULL | {kind: 'label', name: n.label, count: n.count}]
  + [r IN data.relationships WHERE r.relationshipType IS NOT NULL AND r.startLabel IS NULL AND r.endLabel IS NULL | {kind: 'type', name: r.relationshipType, count: r.count}] AS counts
UNWIND counts AS row
WITH row
WHERE row.count > 0
RETURN row.kind AS kind, row.name AS name, row.count AS count
ORDER BY kind, count DESC, name;
