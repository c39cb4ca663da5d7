// Which users live loads marked since their preferences were counted; the marks go.
//
// Returns: users LIST<STRING>; one row
MATCH (u:User&PreferencesStale)
WITH u
ORDER BY u.id
REMOVE u:PreferencesStale
RETURN collect(u.id) AS users;
