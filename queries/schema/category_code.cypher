// Categories are found by their code.
//
// Returns: nothing
CREATE RANGE INDEX category_code IF NOT EXISTS
FOR (c:Category) ON (c.code);
