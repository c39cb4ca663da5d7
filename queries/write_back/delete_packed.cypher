// Delete the recommendations of one run that stand as lists on users.
//
// Needs:   write_back/write_packed
// Returns: users INTEGER; one row
/*
:param run => "popular-3"
*/
MATCH (r:Run)
WHERE r.id = $run AND r.packed
WITH 'recommended_' + r.model + '_' + r.slot AS list
MATCH (u:User)
WHERE properties(u)[list + '_run'] = $run
CALL (u, list) {
  SET u[list + '_run'] = null, u[list + '_items'] = null, u[list + '_scores'] = null,
    u[list + '_kinds'] = null, u[list + '_via'] = null, u[list + '_amounts'] = null
} IN TRANSACTIONS OF 10000 ROWS
RETURN count(*) AS users;
