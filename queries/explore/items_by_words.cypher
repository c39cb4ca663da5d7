// Which items have given words in their title.
//
// Returns: item STRING, title STRING, score FLOAT (Lucene's); the best match first, ties by item; none where there are no words. Signs are taken as blanks
/*
:param words => "iron"
:param k => 10
*/
WITH reduce(text = toLower($words), sign IN split('\\ + - ! ( ) { } [ ] ^ " ~ * ? : / & | < > =', ' ') | replace(text, sign, ' ')) AS words
WHERE trim(words) <> ''
CALL db.index.fulltext.queryNodes('item_title_text', words)
YIELD node AS i, score
RETURN i.id AS item, i.title AS title, score
ORDER BY score DESC, item
LIMIT $k;
