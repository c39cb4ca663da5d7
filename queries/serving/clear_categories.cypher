// Take the present category of items away; until then it is history.
//
// Returns: items INTEGER (that had one); one row
/*
:param rows => [{id: "103", at: 1600100000000}, {id: "nowhere", at: 1600100000000}]
*/
UNWIND $rows AS row
MATCH (i:Item {id: row.id})-[now:IN_CATEGORY]->(c:Category)
WHERE NOT coalesce(c.derived, false)
OPTIONAL MATCH (i)-[was:WAS_IN_CATEGORY]->(c)
WHERE was.until IS NULL
SET was.until = row.at
DELETE now
RETURN count(DISTINCT i) AS items;
