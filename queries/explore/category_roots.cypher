// Which categories are the roots of the category tree, and how many categories and items lie below each.
//
// Returns: category STRING, code STRING, below INTEGER, items INTEGER; most items first, ties by category
MATCH (root:Category {level: 0})
WITH root, COLLECT { MATCH (root)<-[:CHILD_OF*0..]-(c:Category) RETURN DISTINCT c } AS tree
UNWIND tree AS c
WITH root, count(c) - 1 AS below, sum(COUNT { (c)<-[:IN_CATEGORY]-() }) AS items
RETURN root.id AS category, root.code AS code, below, items
ORDER BY items DESC, category;
