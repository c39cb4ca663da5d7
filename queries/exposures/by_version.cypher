// How often what each version of a model showed was clicked and bought, in the days of a period.
//
// Needs:   serving/add_exposures
// Returns: model STRING, version STRING, shown INTEGER, clicked INTEGER, bought INTEGER, click_through FLOAT, conversion FLOAT (shares of what was shown); the most shown first, ties by version
/*
:param since => "2020-01-01"
:param until => "2099-12-31"
*/
MATCH (e:Exposure)
WHERE $since <= e.day < $until
WITH
  e.version AS version, max(e.model) AS model, sum(e.shown) AS shown, sum(e.clicked) AS clicked, sum(e.bought) AS bought
WHERE shown > 0
RETURN
  coalesce(model, version) AS model, version, shown, clicked, bought,
  toFloat(clicked) / shown AS click_through, toFloat(bought) / shown AS conversion
ORDER BY shown DESC, version;
