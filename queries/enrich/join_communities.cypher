// Put items without a community into that of most of their neighbours, by the weight of their co-occurrence.
//
// Returns: items INTEGER; one row. Most of an item's neighbours may be in none; of equals the lowest number counts.
MATCH (a:Item)-[w:CO_OCCURS]->(b:Item) // from the edges on: most items have none
WHERE a.community IS NULL OR b.community IS NULL
UNWIND [[a, b], [b, a]] AS ends
WITH ends[0] AS i, ends[1] AS other, w
WHERE i.community IS NULL
WITH i, other.community AS community, sum(w.weight) AS weight
ORDER BY i.id, weight DESC, community
WITH i, collect({number: community})[0].number AS community
WHERE community IS NOT NULL
CALL (i, community) {
  SET i.community = community
}
RETURN count(i) AS items;
