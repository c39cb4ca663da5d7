// How many events each day (UTC) had, over the sessions that started in a period.
//
// Returns: day DATE, sessions INTEGER, views INTEGER, carts INTEGER, purchases INTEGER; by day
/*
:param since => 0
:param until => 4102444800000
*/
MATCH (s:Session)
WHERE s.started >= $since AND s.started < $until
MATCH (s)-[e:INCLUDES]->(:Item)
WITH s, e.at / 86400000 AS number, e.event AS event
RETURN date({year: 1970, month: 1, day: 1}) + duration({days: number}) AS day,
  count(DISTINCT s) AS sessions,
  sum(CASE event WHEN 'view' THEN 1 ELSE 0 END) AS views,
  sum(CASE event WHEN 'cart' THEN 1 ELSE 0 END) AS carts,
  sum(CASE event WHEN 'buy' THEN 1 ELSE 0 END) AS purchases
ORDER BY day;
