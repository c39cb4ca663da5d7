// How often what was shown on each day (UTC) was clicked and bought, in a period.
//
// Needs:   serving/add_exposures
// Returns: day STRING, shown INTEGER, clicked INTEGER, bought INTEGER, click_through FLOAT, conversion FLOAT (shares of what was shown); by day
/*
:param since => "2020-01-01"
:param until => "2099-12-31"
*/
MATCH (e:Exposure)
WHERE $since <= e.day < $until
WITH e.day AS day, sum(e.shown) AS shown, sum(e.clicked) AS clicked, sum(e.bought) AS bought
WHERE shown > 0
RETURN
  day, shown, clicked, bought, toFloat(clicked) / shown AS click_through, toFloat(bought) / shown AS conversion
ORDER BY day;
