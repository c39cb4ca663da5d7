// How many events some users and some sessions have, and the sum of the first eight digits of their keys: a checksum.
//
// Returns: events INTEGER, checksum INTEGER; one row
/*
:param users => ["1", "2"]
:param sessions => ["1-0", "x-0"]
*/
CALL () {
  UNWIND $users AS id
  MATCH (:User {id: id})-[:HAD]->(s:Session)
  RETURN s
  UNION
  UNWIND $sessions AS id
  MATCH (s:Session {id: id})
  RETURN s
}
MATCH (s)-[r:INCLUDES|TAKEN_BACK]->(:Item)
WHERE r.event_key IS NOT NULL
// Cypher reads hexadecimal digits as a Java number with an exponent only.
RETURN count(r) AS events, coalesce(sum(toInteger(toFloat('0x' + left(r.event_key, 8) + 'p0'))), 0) AS checksum;
