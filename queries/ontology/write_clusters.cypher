// Write the clusters of one method, in place of those it made before.
//
// Needs:   ontology/write_items
// Returns: clusters INTEGER; one row
/*
:param method => "agglomerative"
:param measure => "EED-1"
:param rows => [{id: "agglomerative/EED-1/0", medoid: "101", items: ["101", "102"]}, {id: "agglomerative/EED-1/1", medoid: "103", items: ["103"]}]
*/
CALL () {
  MATCH (old:Cluster {method: $method, measure: $measure})
  DETACH DELETE old
}
UNWIND $rows AS row
CREATE (c:Cluster {id: row.id, method: $method, measure: $measure, k: size($rows), medoid: row.medoid})
WITH c, row
CALL (c, row) {
  UNWIND row.items AS id
  MATCH (i:Item {id: id})
  CREATE (i)-[:IN_CLUSTER]->(c)
}
RETURN count(DISTINCT c) AS clusters;
