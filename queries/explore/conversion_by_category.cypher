// In which categories the users who view an item buy it most often, among categories with enough viewers.
//
// Returns: category STRING, code STRING, viewers INTEGER (user-item pairs), buyers INTEGER (likewise), rate FLOAT; the highest rate first, ties by viewers and category
/*
:param least_viewers => 3
:param k => 10
*/
MATCH (c:Category)<-[:IN_CATEGORY]-(i:Item)
WHERE i.popularity > 0
WITH c, sum(COUNT { (i)<-[:VIEWED]-() }) AS viewers, sum(COUNT { (i)<-[:BOUGHT]-() }) AS buyers
WHERE viewers >= $least_viewers
RETURN c.id AS category, c.code AS code, viewers, buyers, toFloat(buyers) / viewers AS rate
ORDER BY rate DESC, viewers DESC, category
LIMIT $k;
