// At which hours of the day (UTC) people look and buy, over the sessions that started in a period.
//
// Returns: hour INTEGER, views INTEGER, carts INTEGER, purchases INTEGER; by hour
/*
:param since => 0
:param until => 4102444800000
*/
MATCH (s:Session)
WHERE s.started >= $since AND s.started < $until
MATCH (s)-[e:INCLUDES]->(:Item)
WITH e.at / 3600000 % 24 AS hour, e.event AS event
RETURN hour,
  sum(CASE event WHEN 'view' THEN 1 ELSE 0 END) AS views,
  sum(CASE event WHEN 'cart' THEN 1 ELSE 0 END) AS carts,
  sum(CASE event WHEN 'buy' THEN 1 ELSE 0 END) AS purchases
ORDER BY hour;
