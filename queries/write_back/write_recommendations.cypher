// Write one batch of a run's recommendations, as long as the run is still running; writing a batch again changes nothing.
//
// Returns: written INTEGER, running BOOLEAN; one row. Users and items that the graph does not know are left out.
/*
:param run => "popular-3"
:param rows => [{user: "2", item: "104", rank: 1, score: 3.0, kinds: ["sessions"], via: ["103"], amounts: [3.0]}, {user: "2", item: "nowhere", rank: 2, score: 1.0, kinds: [], via: [], amounts: []}]
*/
OPTIONAL MATCH (r:Run {id: $run, status: 'running'})
CALL (r) {
  WITH r
  WHERE r IS NOT NULL
  UNWIND $rows AS row
  MATCH (u:User {id: row.user})
  MATCH (i:Item {id: row.item})
  MERGE (u)-[rec:RECOMMENDED {run: r.id, rank: row.rank}]->(i)
  SET rec.score = row.score, rec.kinds = row.kinds, rec.via = row.via, rec.amounts = row.amounts
  RETURN count(*) AS written
}
RETURN written, r IS NOT NULL AS running;
