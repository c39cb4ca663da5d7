// Make a promotion, or replace the one of the same id.
//
// `since` and `until` are milliseconds or a date, as in until: date("2030-01-01"); without them it acts at once, and for good.
// Returns: id STRING; one row
/*
:param id => "spring"
:param properties => ({action: "promote", categories: ["3"], factor: 2.0})
*/
MERGE (p:Promotion {id: $id})
SET p = $properties, p.id = $id
RETURN p.id AS id;
