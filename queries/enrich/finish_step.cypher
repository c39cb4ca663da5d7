// Note that a step of the enrichment is done, or that it found nothing to work on.
//
// Needs:   enrich/begin_step
// Returns: run STRING, written INTEGER; one row, none where another run of the step began meanwhile
/*
:param run => "pagerank-2"
:param status => "done"
:param written => 6
:param partly => false
:param finished => 1600600005000
*/
MATCH (r:Run {id: $run})
SET r.status = $status, r.finished = $finished, r.written = $written,
  r.whole = CASE WHEN $partly THEN r.whole ELSE r.started END,
  r.whole_events = CASE WHEN $partly THEN r.whole_events ELSE r.events END
RETURN r.id AS run, r.written AS written;
