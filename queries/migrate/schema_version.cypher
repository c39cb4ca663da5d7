// Which schema the graph has: 0 where nothing says so.
//
// Returns: version INTEGER, nodes INTEGER (how many there are); one row
CALL () {
  MATCH (n)
  RETURN count(n) AS nodes
}
OPTIONAL MATCH (m:Meta {id: 'schema'})
RETURN coalesce(m.schema_version, 0) AS version, nodes;
