// Which items have given words in their title.
//
// Returns: item STRING, title STRING, score FLOAT (Lucene's); the best match first, ties by item
/*
:param words => "iron"
:param k => 10
*/
CALL db.index.fulltext.queryNodes('item_title_text', $words)
YIELD node AS i, score
RETURN i.id AS item, i.title AS title, score
ORDER BY score DESC, item
LIMIT $k;
