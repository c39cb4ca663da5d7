// Which promotions a shop has, whenever they act: made here by hand, or over HTTP.
//
// Needs:   serving/put_promotion
// Returns: id STRING, properties MAP (action, one of items, categories and brands, and perhaps since, until, factor, position); by id
MATCH (p:Promotion)
RETURN p.id AS id, properties(p) AS properties
ORDER BY id;
