// The most popular items are read from an index in order.
//
// Returns: nothing
CREATE RANGE INDEX item_popularity IF NOT EXISTS
FOR (i:Item) ON (i.popularity);
