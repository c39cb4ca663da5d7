// Which items occur in the same sessions as one item.
//
// Returns: item STRING, title STRING, weight FLOAT, sessions INTEGER; the highest weight first, ties by item
/*
:param item => "101"
:param k => 10
*/
MATCH (:Item {id: $item})-[w:CO_OCCURS]-(other:Item)
RETURN other.id AS item, other.title AS title, w.weight AS weight, w.sessions AS sessions
ORDER BY weight DESC, item
LIMIT $k;
