// Mark sessions whose pairs became more, and users who did something, for the next enrichment.
//
// Returns: sessions INTEGER, users INTEGER; one row
/*
:param sessions => ["1-0"]
:param users => ["1", "2"]
*/
CALL () {
  UNWIND $sessions AS id
  MATCH (s:Session {id: id})
  SET s:PairsStale
  RETURN count(*) AS sessions
}
CALL () {
  UNWIND $sessions AS id
  MATCH (s:Session {id: id})
  WHERE NOT EXISTS { (:User)-[:HAD]->(s) } // else its user is marked
  SET s:EmbeddingStale
}
CALL () {
  UNWIND $users AS id
  MATCH (u:User {id: id})
  SET u:PreferencesStale, u:SimilarityStale, u:EmbeddingStale
  RETURN count(*) AS users
}
RETURN sessions, users;
