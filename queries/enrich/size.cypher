// How many nodes and relationships each projection will have at most.
//
// Returns: projection STRING, nodes INTEGER, relationships INTEGER (both directions where they count twice); by projection
CALL () {
  MATCH (i:Item) RETURN count(i) AS items
}
CALL () {
  MATCH (c:Category) RETURN count(c) AS categories
}
CALL () {
  MATCH (u:User) RETURN count(u) AS users
}
CALL () {
  MATCH (s:Session) RETURN count(s) AS sessions
}
CALL () {
  MATCH ()-[h:HAD]->() RETURN count(h) AS had
}
CALL () {
  MATCH ()-[e:INCLUDES]->() RETURN count(e) AS events
}
CALL () {
  MATCH ()-[w:CO_OCCURS]->() RETURN count(w) AS pairs
}
CALL () {
  MATCH ()-[did:VIEWED|CARTED|BOUGHT|BORROWED]->() RETURN count(did) AS seen
}
CALL () {
  MATCH ()-[p:PREFERS]->() RETURN count(p) AS preferences
}
WITH *, sessions - had AS alone // sessions without a user
UNWIND [
  {projection: 'item_co_occurrence', nodes: items, relationships: 2 * pairs},
  {projection: 'item_users', nodes: items + users, relationships: seen},
  {projection: 'owner_items', nodes: items + users + alone, relationships: 2 * (seen + CASE alone WHEN 0 THEN 0 ELSE events END)},
  {projection: 'user_categories', nodes: users + categories, relationships: 2 * preferences}
] AS size
RETURN size.projection AS projection, size.nodes AS nodes, size.relationships AS relationships
ORDER BY projection;
