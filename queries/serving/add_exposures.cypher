// Add a batch of what was shown, clicked and bought, unless the graph holds the batch already.
//
// Returns: exposures INTEGER, arms INTEGER; one row, none where the batch is no new one
/*
:param log => "exposures-1"
:param batch => 7
:param rows => [{version: "popular-v2", place: "home", category: "4", day: "2020-09-13", shown: 8, clicked: 2, bought: 1}, {version: "popular-v1", place: "home", category: "4", day: "2020-09-13", shown: 4, clicked: 1, bought: 0}, {version: "popular-v2", place: "basket", category: "3", day: "2020-09-14", shown: 5, clicked: 0, bought: 0}, {version: "fallback", place: "home", category: null, day: "2020-09-14", shown: 2, clicked: 1, bought: 1}, {version: "made-up", place: "home", category: "4", day: "2020-09-14", shown: 1, clicked: 0, bought: 0}]
:param arms => [{experiment: "spring", arm: "popular-v1", users: 100, clickers: 20, buyers: 4}, {experiment: "spring", arm: "popular-v2", users: 110, clickers: 33, buyers: 6}]
:param unknown => "unknown"
*/
MERGE (m:Meta {id: $log})
ON CREATE SET m.batch = 0
// Takes the node's lock: of two that bring the same batch, one adds it.
SET m.id = $log
WITH m
WHERE m.batch < $batch
SET m.batch = $batch
WITH m
CALL () {
  UNWIND $rows AS row
  OPTIONAL MATCH (v:ModelVersion {id: row.version})
  OPTIONAL MATCH (model:Model)-[:HAS_VERSION]->(v)
  WITH row, v, model, CASE
    WHEN v IS NOT NULL OR row.version = 'fallback' OR EXISTS { (:Exposure {version: row.version}) } THEN row.version
    ELSE $unknown
  END AS version
  MERGE (e:Exposure {id: version + '|' + row.place + '|' + coalesce(row.category, '') + '|' + row.day})
  ON CREATE SET
    e.version = version, e.place = row.place, e.category = row.category, e.day = row.day,
    e.shown = 0, e.clicked = 0, e.bought = 0
  SET
    e.model = coalesce(model.id, e.model),
    e.shown = e.shown + row.shown, e.clicked = e.clicked + row.clicked, e.bought = e.bought + row.bought
  FOREACH (_ IN CASE WHEN v IS NULL THEN [] ELSE [1] END | MERGE (v)-[:SHOWED]->(e))
  RETURN count(*) AS exposures
}
CALL () {
  UNWIND $arms AS row
  MERGE (x:Experiment {id: row.experiment})
  MERGE (a:Arm {id: row.experiment + '|' + row.arm})
  ON CREATE SET a.name = row.arm, a.users = 0, a.clickers = 0, a.buyers = 0
  SET a.users = a.users + row.users, a.clickers = a.clickers + row.clickers, a.buyers = a.buyers + row.buyers
  MERGE (x)-[:HAS_ARM]->(a)
  RETURN count(*) AS arms
}
RETURN exposures, arms;
