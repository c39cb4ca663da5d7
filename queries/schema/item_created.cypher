// Find the items that were created over HTTP of late.
//
// Returns: nothing
CREATE INDEX item_created IF NOT EXISTS
FOR (i:Item) ON (i.created);
