// How many users made how many purchases: few buy often. A borrowed book counts as bought.
//
// Source:  figure 6 of the PRE-ADDL paper
// Returns: purchases INTEGER, users INTEGER; fewest purchases first
MATCH (u:User)-[b:BOUGHT|BORROWED]->(:Item)
WITH u, sum(b.count) AS purchases
RETURN purchases, count(u) AS users
ORDER BY purchases;
