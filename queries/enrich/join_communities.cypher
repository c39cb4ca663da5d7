// Put items without a community into that of most of their neighbours, by the weight of their co-occurrence.
//
// Returns: items INTEGER; one row. Most of an item's neighbours may be in none; of equals the lowest number counts.
MATCH (i:Item)
WHERE i.community IS NULL
MATCH (i)-[w:CO_OCCURS]-(other:Item)
WITH i, other.community AS community, sum(w.weight) AS weight
ORDER BY i.id, weight DESC, community
WITH i, collect({number: community})[0].number AS community
WHERE community IS NOT NULL
CALL (i, community) {
  SET i.community = community
}
RETURN count(i) AS items;
