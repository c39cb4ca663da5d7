// The next items after one of them with their properties, packed into a list for each.
//
// Returns: ids LIST<STRING>, titles LIST<STRING>, brands LIST<STRING>, groups LIST<STRING>, prices LIST<FLOAT>, available LIST<BOOLEAN>, popularity LIST<INTEGER>, first_seen LIST<INTEGER>, last_seen LIST<INTEGER> (ms UTC); one row, the lists by id, null where an item lacks a property
/*
:param after => "104"
:param k => 3
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
RETURN [i IN items | i.id] AS ids, [i IN items | toStringOrNull(i.title)] AS titles, [i IN items | toStringOrNull(i.brand)] AS brands,
  [i IN items | toStringOrNull(i['group_id'])] AS groups, [i IN items | toFloatOrNull(i.price)] AS prices,
  [i IN items | toBooleanOrNull(i.available)] AS available, [i IN items | toIntegerOrNull(i.popularity)] AS popularity,
  [i IN items | toIntegerOrNull(i.first_seen)] AS first_seen, [i IN items | toIntegerOrNull(i.last_seen)] AS last_seen;
