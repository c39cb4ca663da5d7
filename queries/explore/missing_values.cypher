// What is not known of items, categories, users, sessions and events.
//
// Source:  figure 4 of the PRE-ADDL paper
// Returns: kind STRING, property STRING, total INTEGER, missing INTEGER (of the total); by kind and property
CALL () {
  MATCH (i:Item)
  RETURN 'Item' AS kind, count(i) AS total, {
    title: count(i) - count(i.title),
    price: count(i) - count(i.price),
    brand: count(i) - count(i.brand),
    available: count(i) - count(i.available),
    category: sum(CASE WHEN EXISTS { (i)-[:IN_CATEGORY]->() } THEN 0 ELSE 1 END)
  } AS missing
  UNION ALL
  MATCH (c:Category)
  RETURN 'Category' AS kind, count(c) AS total, {
    code: count(c) - count(c.code),
    parent: sum(CASE WHEN EXISTS { (c)-[:CHILD_OF]->() } THEN 0 ELSE 1 END)
  } AS missing
  UNION ALL
  MATCH (u:User)
  RETURN 'User' AS kind, count(u) AS total, {
    first_seen: count(u) - count(u.first_seen),
    session: sum(CASE WHEN EXISTS { (u)-[:HAD]->() } THEN 0 ELSE 1 END)
  } AS missing
  UNION ALL
  MATCH (s:Session)
  RETURN 'Session' AS kind, count(s) AS total, {
    started: count(s) - count(s.started),
    user: sum(CASE WHEN EXISTS { (s)<-[:HAD]-() } THEN 0 ELSE 1 END)
  } AS missing
  UNION ALL
  MATCH (:Session)-[e:INCLUDES]->(:Item)
  RETURN 'Event' AS kind, count(e) AS total, {
    at: count(e) - count(e.at),
    category: count(e) - count(e.category)
  } AS missing
}
UNWIND keys(missing) AS property
RETURN kind, property, total, missing[property] AS missing
ORDER BY kind, property;
