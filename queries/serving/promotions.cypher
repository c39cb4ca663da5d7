// Which promotions a shop has, whenever they act: made here by hand, or over HTTP.
//
// Returns: id STRING, action STRING ("promote", "demote", "pin", "bury"), items LIST<STRING>, categories LIST<STRING>, brands LIST<STRING>, since INTEGER, until INTEGER (ms UTC), factor FLOAT, position INTEGER; by id
MATCH (p:Promotion)
RETURN p.id AS id, p.action AS action, p.items AS items, p.categories AS categories, p.brands AS brands,
  p.since AS since, p.until AS until, p.factor AS factor, p.position AS position
ORDER BY id;
