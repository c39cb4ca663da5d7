// Write one batch of a run's recommendations as lists on the users, as long as the run is still running; writing a batch again changes nothing.
//
// Returns: written INTEGER (items in the lists), running BOOLEAN; one row. Users and items that the graph does not know are left out; items are given the best first, with three kinds, ids behind and amounts for each, "" and 0.0 where there are fewer.
/*
:param run => "popular-3"
:param rows => [{user: "2", items: ["104", "nowhere", "105"], scores: [3.0, 2.0, 1.0], kinds: ["sessions", "", "", "", "", "", "", "", ""], via: ["103", "", "", "", "", "", "", "", ""], amounts: [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]}, {user: "nobody", items: ["104"], scores: [1.0], kinds: ["", "", ""], via: ["", "", ""], amounts: [0.0, 0.0, 0.0]}]
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
  WITH r, list, row, u, i.id AS item, place
  ORDER BY place
  WITH r, list, row, u, collect(item) AS items, collect(place) AS places
  WITH r, list, row, u, items, places, reduce(all = [], p IN places | all + [3 * p, 3 * p + 1, 3 * p + 2]) AS parts
  SET u[list + '_run'] = r.id, u[list + '_items'] = items, u[list + '_scores'] = [p IN places | row.scores[p]],
    u[list + '_kinds'] = [p IN parts | row.kinds[p]], u[list + '_via'] = [p IN parts | row.via[p]],
    u[list + '_amounts'] = [p IN parts | row.amounts[p]]
  RETURN sum(size(items)) AS written
}
RETURN written, r IS NOT NULL AS running;
