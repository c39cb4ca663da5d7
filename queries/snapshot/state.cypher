// What a snapshot depends on: which database this is, what was loaded, which steps of the enrichment ran, and how many nodes and relationships there are.
//
// Returns: database STRING, loads LIST<STRING>, runs LIST<LIST<ANY>> (step, run, status, finished in ms UTC), counts LIST<LIST<ANY>> (label or type, number); one row
CALL db.info()
YIELD id AS database
RETURN database,
  COLLECT {
    MATCH (l:Load)
    RETURN l.id + '/' + toString(coalesce(l.finished, 0)) AS load
    ORDER BY load
  } AS loads,
  COLLECT {
    MATCH (r:Run)
    WHERE r.step IS NOT NULL
    RETURN [r.step, r.id, r.status, r.finished] AS run
    ORDER BY r.step, r.id
  } AS runs,
  [
    ['User', COUNT { (:User) }],
    ['Session', COUNT { (:Session) }],
    ['Item', COUNT { (:Item) }],
    ['Category', COUNT { (:Category) }],
    ['HAD', COUNT { ()-[:HAD]->() }],
    ['INCLUDES', COUNT { ()-[:INCLUDES]->() }],
    ['VIEWED', COUNT { ()-[:VIEWED]->() }],
    ['CARTED', COUNT { ()-[:CARTED]->() }],
    ['BOUGHT', COUNT { ()-[:BOUGHT]->() }],
    ['BORROWED', COUNT { ()-[:BORROWED]->() }],
    ['IN_CATEGORY', COUNT { ()-[:IN_CATEGORY]->() }],
    ['WAS_IN_CATEGORY', COUNT { ()-[:WAS_IN_CATEGORY]->() }],
    ['CHILD_OF', COUNT { ()-[:CHILD_OF]->() }],
    ['CO_OCCURS', COUNT { ()-[:CO_OCCURS]->() }],
    ['SIMILAR', COUNT { ()-[:SIMILAR]->() }],
    ['PREFERS', COUNT { ()-[:PREFERS]->() }]
  ] AS counts;
