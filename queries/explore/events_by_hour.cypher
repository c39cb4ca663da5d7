// How many events of each kind happened at each hour of the day (UTC), and how many have no time.
//
// Returns: event STRING, hour INTEGER (null without a time), events INTEGER; by event and hour
MATCH (:Session)-[e:INCLUDES]->(:Item)
RETURN e.event AS event, e.at / 3600000 % 24 AS hour, count(*) AS events
ORDER BY event, hour;
