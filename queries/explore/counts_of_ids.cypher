// How often named users bought, named items were bought, and items of named categories were seen.
//
// Returns: kind STRING, id STRING, found BOOLEAN, count INTEGER; users, items, categories, each in the order given
/*
:param users => ["2", "9"]
:param items => ["103"]
:param categories => ["4"]
*/
CALL () {
  UNWIND range(0, size($users) - 1) AS place
  WITH place, $users[place] AS id
  OPTIONAL MATCH (u:User {id: id})
  OPTIONAL MATCH (u)-[b:BOUGHT|BORROWED]->(:Item)
  RETURN 0 AS part, place, 'user' AS kind, id, u IS NOT NULL AS found, sum(b.count) AS count
  UNION ALL
  UNWIND range(0, size($items) - 1) AS place
  WITH place, $items[place] AS id
  OPTIONAL MATCH (i:Item {id: id})
  OPTIONAL MATCH (i)<-[b:BOUGHT|BORROWED]-(:User)
  RETURN 1 AS part, place, 'item' AS kind, id, i IS NOT NULL AS found, sum(b.count) AS count
  UNION ALL
  UNWIND range(0, size($categories) - 1) AS place
  WITH place, $categories[place] AS id
  OPTIONAL MATCH (c:Category {id: id})
  OPTIONAL MATCH (c)<-[:IN_CATEGORY]-(i:Item)
  RETURN 2 AS part, place, 'category' AS kind, id, c IS NOT NULL AS found, sum(i.popularity) AS count
}
RETURN kind, id, found, count
ORDER BY part, place;
