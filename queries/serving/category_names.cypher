// What categories are called, where somebody has named them: their property name, title, or else code.
//
// Returns: category STRING, name STRING; by category
MATCH (c:Category)
WITH c, coalesce(c['name'], c['title'], c.code) AS name
WHERE name IS :: STRING NOT NULL AND trim(name) <> ''
RETURN c.id AS category, name
ORDER BY category;
