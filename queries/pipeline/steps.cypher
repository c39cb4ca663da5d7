// What each step of a run of the nightly pipeline did, and how long it took.
//
// Returns: step STRING, state STRING, seconds FLOAT, note STRING; in the order of the steps
/*
:param run => "night-1"
*/
MATCH (p:PipelineRun {id: $run})
UNWIND range(0, size(p.steps) - 1) AS place
RETURN p.steps[place] AS step, p.states[place] AS state, p.seconds[place] AS seconds, p.notes[place] AS note
ORDER BY place;
