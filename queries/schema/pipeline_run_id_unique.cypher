// Every run of the nightly pipeline has an id of its own.
//
// Returns: nothing
CREATE CONSTRAINT pipeline_run_id_unique IF NOT EXISTS
FOR (p:PipelineRun) REQUIRE p.id IS UNIQUE;
