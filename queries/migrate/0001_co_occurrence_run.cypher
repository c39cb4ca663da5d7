// Schema 1: every edge of co-occurrence names the run that made it; those of schema 0 were made by the load.
//
// Returns: nothing
MATCH (:Item|Category)-[c:CO_OCCURS]->()
WHERE c.run IS NULL
SET c.run = 'load';
