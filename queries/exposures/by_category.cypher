// How often what each model showed of each category was clicked and bought, in the days of a period.
//
// Needs:   serving/add_exposures
// Returns: category STRING, code STRING, model STRING, version STRING, shown INTEGER, clicked INTEGER, bought INTEGER, click_through FLOAT, conversion FLOAT (shares of what was shown); the first $k by shown, ties by category and version
/*
:param since => "2020-01-01"
:param until => "2099-12-31"
:param k => 10
*/
MATCH (e:Exposure)
WHERE $since <= e.day < $until
WITH
  e.category AS category, e.version AS version, max(e.model) AS model,
  sum(e.shown) AS shown, sum(e.clicked) AS clicked, sum(e.bought) AS bought
WHERE shown > 0
OPTIONAL MATCH (c:Category {id: category})
RETURN
  category, c.code AS code, coalesce(model, version) AS model, version, shown, clicked, bought,
  toFloat(clicked) / shown AS click_through, toFloat(bought) / shown AS conversion
ORDER BY shown DESC, category, version
LIMIT $k;
