// What some users did with items, as far as it was counted, packed into lists.
//
// Returns: users LIST<STRING>, items LIST<STRING>, types LIST<STRING> (VIEWED, CARTED, BOUGHT or BORROWED), counts LIST<INTEGER>, firsts LIST<INTEGER>, lasts LIST<INTEGER> (ms UTC); one row, by user, item and type
/*
:param users => ["3"]
:param unknown => -1
*/
UNWIND $users AS id
MATCH (u:User {id: id})-[did:VIEWED|CARTED|BOUGHT|BORROWED]->(i:Item)
WITH u, did, i
ORDER BY u.id, i.id, type(did)
RETURN collect(u.id) AS users, collect(i.id) AS items, collect(type(did)) AS types, collect(coalesce(did.count, 1)) AS counts,
  collect(coalesce(did.first, did.last, $unknown)) AS firsts, collect(coalesce(did.last, did.first, $unknown)) AS lasts;
