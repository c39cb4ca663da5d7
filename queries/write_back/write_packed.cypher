// Write one batch of a run's recommendations as lists on the users, as long as the run is still running; writing a batch again changes nothing.
//
// Returns: written INTEGER (items in the lists), running BOOLEAN; one row. Users and items that the graph does not know are left out; items are given the best first.
/*
:param run => "popular-3"
:param rows => [{user: "2", items: ["104", "nowhere", "105"], scores: [3.0, 2.0, 1.0]}, {user: "nobody", items: ["104"], scores: [1.0]}]
*/
OPTIONAL MATCH (r:Run {id: $run, status: 'running'})
SET r.packed = true
WITH r
CALL (r) {
  WITH r, 'recommended_' + r.model + '_' + r.slot AS list
  WHERE r IS NOT NULL
  UNWIND $rows AS row
  MATCH (u:User {id: row.user})
  UNWIND range(0, size(row.items) - 1) AS place
  MATCH (i:Item {id: row.items[place]})
  WITH r, list, u, i.id AS item, row.scores[place] AS score, place
  ORDER BY place
  WITH r, list, u, collect(item) AS items, collect(score) AS scores
  SET u[list + '_run'] = r.id, u[list + '_items'] = items, u[list + '_scores'] = scores
  RETURN sum(size(items)) AS written
}
RETURN written, r IS NOT NULL AS running;
