// Which categories occur in the same sessions as one category.
//
// Returns: category STRING, code STRING, weight FLOAT, sessions INTEGER; the highest weight first, ties by category
/*
:param category => "2"
:param k => 10
*/
MATCH (:Category {id: $category})-[w:CO_OCCURS]-(other:Category)
RETURN other.id AS category, other.code AS code, w.weight AS weight, w.sessions AS sessions
ORDER BY weight DESC, category
LIMIT $k;
