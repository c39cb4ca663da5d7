// Which items are the most popular in one category and all categories below it: for a user of whom no more is known.
//
// Returns: item STRING, title STRING, category STRING, events INTEGER; most events first, ties by item; without items that are known to be unavailable
/*
:param category => "1"
:param k => 5
*/
MATCH (:Category {id: $category})<-[:CHILD_OF*0..]-(c:Category)<-[:IN_CATEGORY]-(i:Item)
WHERE i.popularity > 0 AND coalesce(i.available, true)
WITH i, min(c.id) AS category
RETURN i.id AS item, i.title AS title, category, i.popularity AS events
ORDER BY events DESC, item
LIMIT $k;
