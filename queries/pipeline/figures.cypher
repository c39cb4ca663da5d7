// What each model reached in the nights of the pipeline: the measure, the share of the catalogue shown, the seconds of its fit.
//
// Returns: run STRING, started INTEGER (ms UTC), model STRING, measure STRING, value FLOAT, coverage FLOAT, fit_seconds FLOAT; the latest first, then by model, ties by run
/*
:param k => 50
*/
MATCH (p:PipelineRun)
UNWIND range(0, size(p.models) - 1) AS place
RETURN
  p.id AS run, p.started AS started, p.models[place] AS model, p.measure AS measure, p.values[place] AS value,
  p.coverages[place] AS coverage, p.fit_seconds[place] AS fit_seconds
ORDER BY started DESC, model, run
LIMIT $k;
