// Which clusters there are, how large they are, and which item is in the middle of each.
//
// Needs:   ontology/write_clusters
// Returns: cluster STRING, method STRING, measure STRING, items INTEGER, medoid STRING (its title), most_met LIST<STRING> (titles); the largest first, ties by cluster
MATCH (c:Cluster)
OPTIONAL MATCH (middle:Item {id: c.medoid})
CALL (c) {
  MATCH (i:Item)-[:IN_CLUSTER]->(c)
  WITH i
  ORDER BY i.popularity DESC, i.id
  RETURN count(i) AS items, collect(i.title)[..3] AS most_met
}
RETURN c.id AS cluster, c.method AS method, c.measure AS measure, items, middle.title AS medoid, most_met
ORDER BY items DESC, cluster;
