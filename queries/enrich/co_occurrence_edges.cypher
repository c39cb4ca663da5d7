// How many co-occurrence edges there are between items and between categories.
//
// Returns: kind STRING, edges INTEGER; by kind
CALL () {
  MATCH (:Category)-[w:CO_OCCURS]->(:Category)
  RETURN 'category' AS kind, count(w) AS edges
  UNION ALL
  MATCH (:Item)-[w:CO_OCCURS]->(:Item)
  RETURN 'item' AS kind, count(w) AS edges
}
RETURN kind, edges
ORDER BY kind;
