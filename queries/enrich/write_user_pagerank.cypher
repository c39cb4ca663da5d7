// Write P(u, c) of some users on their preferences, in place of what stood there. A category that the user did not buy from gets a preference of frequency 0.
//
// Needs:   enrich/user_category_preferences
// Returns: written INTEGER; one row
/*
:param run => "user-pagerank-1"
:param method => "walks"
:param rows => [{user_id: "2", categories: ["4", "3"], shares: [0.75, 0.25]}]
*/
UNWIND $rows AS row
MATCH (u:User {id: row.user_id})
CALL (u) {
  MATCH (u)-[old:PREFERS]->(:Category)
  WHERE old.frequency = 0
  DELETE old
}
CALL (u) {
  MATCH (u)-[old:PREFERS]->(:Category)
  REMOVE old.pagerank, old.method
}
UNWIND range(0, size(row.categories) - 1) AS n
MATCH (c:Category {id: row.categories[n]})
MERGE (u)-[p:PREFERS]->(c)
ON CREATE SET p.frequency = 0.0, p.score = 0.0, p.run = $run
SET p.pagerank = row.shares[n], p.method = $method
RETURN count(*) AS written;
