// Record runs of the nightly pipeline, and link each with the version that it published where the graph has that.
//
// The steps of a run are lists of one length, a place for each step; so are its models.
//
// Returns: runs INTEGER, published INTEGER (links to versions); one row. Recording a run again replaces what was recorded.
/*
:param runs => [{id: "night-3", version: "popular-v2", facts: {started: 1600550000000, finished: 1600551000000, status: "done", verdict: "published popular", steps: ["load", "gate"], states: ["done", "done"], seconds: [2.5, 0.5], notes: ["10 new events", "popular passes"], measure: "NDCG@20", models: ["popular"], values: [0.25], coverages: [0.5], fit_seconds: [0.1]}}]
*/
UNWIND $runs AS run
MERGE (p:PipelineRun {id: run.id})
SET p += run.facts
WITH p, run
OPTIONAL MATCH (v:ModelVersion {id: run.version})
FOREACH (version IN CASE WHEN v IS NULL THEN [] ELSE [v] END | MERGE (p)-[:PUBLISHED]->(version))
RETURN count(p) AS runs, count(v) AS published;
