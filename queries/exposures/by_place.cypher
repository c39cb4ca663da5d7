// How often what each model showed was clicked and bought at each place of the shop's pages, in the days of a period.
//
// Needs:   serving/add_exposures
// Returns: place STRING, model STRING, version STRING, shown INTEGER, clicked INTEGER, bought INTEGER, click_through FLOAT, conversion FLOAT (shares of what was shown); by place, the most shown first, ties by version
/*
:param since => "2020-01-01"
:param until => "2099-12-31"
*/
MATCH (e:Exposure)
WHERE $since <= e.day < $until
WITH
  e.place AS place, e.version AS version, max(e.model) AS model,
  sum(e.shown) AS shown, sum(e.clicked) AS clicked, sum(e.bought) AS bought
WHERE shown > 0
RETURN
  place, coalesce(model, version) AS model, version, shown, clicked, bought,
  toFloat(clicked) / shown AS click_through, toFloat(bought) / shown AS conversion
ORDER BY place, shown DESC, version;
