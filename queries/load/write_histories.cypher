// Write anew which categories items had when, and which category their events had at their time. Users who have seen an item that goes into another category are marked, for they prefer that one now, and sessions with an event that does.
//
// Returns: items INTEGER, events INTEGER (whose category changed); one row
/*
:param rows => [{item: "101", periods: [["2", null, 1600000030000, [1600000000000]], ["4", 1600000030000, null, [1600000030000]]]}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.item})
CALL (i, row) {
  WITH i, [period IN row.periods WHERE period[2] IS NULL | period[0]] AS has,
    COLLECT { MATCH (i)-[:IN_CATEGORY]->(c:Category) WHERE NOT coalesce(c.derived, false) RETURN c.id } AS had
  WHERE size(has) <> size(had) OR any(id IN has WHERE NOT id IN had)
  MATCH (u:User)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(i)
  SET u:PreferencesStale
}
CALL (i) {
  MATCH (i)-[old:IN_CATEGORY|WAS_IN_CATEGORY]->(c:Category)
  WHERE NOT coalesce(c.derived, false)
  DELETE old
}
CALL (i, row) {
  UNWIND row.periods AS period
  MATCH (c:Category {id: period[0]})
  CREATE (i)-[w:WAS_IN_CATEGORY]->(c)
  SET w.since = period[1], w.until = period[2], w.seen = period[3]
  FOREACH (_ IN CASE WHEN period[2] IS NULL THEN [1] ELSE [] END | CREATE (i)-[:IN_CATEGORY]->(c))
}
CALL (i, row) {
  MATCH (i)<-[r:INCLUDES|TAKEN_BACK]-(s:Session)
  WITH s, r, [period IN row.periods
    WHERE (period[1] IS NULL OR r.at IS NULL OR r.at >= period[1]) AND (period[2] IS NULL OR r.at < period[2])
    | period[0]][0] AS category
  WHERE category IS NOT NULL AND (r.category IS NULL OR r.category <> category)
  SET r.category = category, s:PairsStale
  RETURN count(*) AS changed
}
RETURN count(*) AS items, sum(changed) AS events;
