// Which community each item belongs to.
//
// Needs:   enrich/write_communities
// Returns: item_id STRING, community INTEGER; by item
MATCH (i:Item)
WHERE i.community IS NOT NULL
RETURN i.id AS item_id, i.community AS community
ORDER BY item_id;
