// Forget the records of runs of the nightly pipeline.
//
// Returns: forgotten INTEGER; one row
/*
:param runs => ["night-1"]
*/
UNWIND $runs AS id
MATCH (p:PipelineRun {id: id})
DETACH DELETE p
RETURN count(*) AS forgotten;
