// How many users, items and events reach each step from a view to a purchase.
//
// Returns: step INTEGER, event STRING, users INTEGER, items INTEGER, events INTEGER, share FLOAT (of all events); in the order of the steps
CALL () {
  MATCH (u:User)-[r:VIEWED]->(i:Item)
  RETURN 1 AS step, 'view' AS event, count(DISTINCT u) AS users, count(DISTINCT i) AS items, sum(r.count) AS events
  UNION ALL
  MATCH (u:User)-[r:CARTED]->(i:Item)
  RETURN 2 AS step, 'cart' AS event, count(DISTINCT u) AS users, count(DISTINCT i) AS items, sum(r.count) AS events
  UNION ALL
  MATCH (u:User)-[r:BOUGHT]->(i:Item)
  RETURN 3 AS step, 'buy' AS event, count(DISTINCT u) AS users, count(DISTINCT i) AS items, sum(r.count) AS events
}
WITH collect({step: step, event: event, users: users, items: items, events: events}) AS steps, sum(events) AS total
UNWIND steps AS row
RETURN row.step AS step, row.event AS event, row.users AS users, row.items AS items, row.events AS events,
  CASE total WHEN 0 THEN 0.0 ELSE toFloat(row.events) / total END AS share
ORDER BY step;
