// Every event with its visitor, packed into lists of a session each.
//
// Returns: visitor STRING (the user's id, else the session's), items LIST<STRING>, events LIST<STRING>, times LIST<INTEGER> (ms UTC); a row per session, by its id
MATCH (s:Session)-[r:INCLUDES]->(i:Item)
WITH s, r, i
ORDER BY s.id, r.position
WITH s, collect(i.id) AS items, collect(r.event) AS events, collect(r.at) AS times
OPTIONAL MATCH (u:User)-[:HAD]->(s)
RETURN coalesce(u.id, s.id) AS visitor, items, events, times
ORDER BY s.id;
