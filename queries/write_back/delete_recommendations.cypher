// Delete the recommendations of one run, those of a user together.
//
// Returns: users INTEGER, deleted INTEGER; one row
/*
:param run => "popular-1"
*/
MATCH (u:User)-[rec:RECOMMENDED]->(:Item)
WHERE rec.run = $run
WITH u, collect(rec) AS recs
CALL (recs) {
  UNWIND recs AS rec
  DELETE rec
} IN TRANSACTIONS OF 1000 ROWS
RETURN count(u) AS users, sum(size(recs)) AS deleted;
