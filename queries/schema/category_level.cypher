// The top of the category tree is read from an index.
//
// Returns: nothing
CREATE RANGE INDEX category_level IF NOT EXISTS
FOR (c:Category) ON (c.level);
