// Which items, categories and users have the most relationships: what makes a query slow.
//
// Returns: label STRING, id STRING, relationships INTEGER; most first, ties by label and id
/*
:param k => 5
*/
MATCH (n:Item|Category|User)
WITH n, COUNT { (n)--() } AS relationships
ORDER BY relationships DESC, labels(n)[0], n.id
LIMIT $k
RETURN labels(n)[0] AS label, n.id AS id, relationships
ORDER BY relationships DESC, label, id;
