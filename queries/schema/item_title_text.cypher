// Items are found by the words of their title.
//
// Returns: nothing
CREATE FULLTEXT INDEX item_title_text IF NOT EXISTS
FOR (i:Item) ON EACH [i.title];
