// Note that a step of the enrichment begins, and what it sees: how many loads and events there are and which runs wrote what it reads.
//
// Returns: run STRING, little BOOLEAN (whether the step ran to its end with these options, and since then only live loads came that marked what they changed, and no more than the limit of events since it ran whole), whole INTEGER (ms UTC; when that was); one row. The note of the step's former run goes.
/*
:param note => ({step: "pagerank", run: "pagerank-2", options: "{}", reads: ["co-occurrence"], started: 1600600000000})
:param limit => 0.05
*/
CALL () {
  MATCH ()-[e:INCLUDES]->()
  RETURN count(e) AS events
}
OPTIONAL MATCH (l:Load)
WITH events, count(l) AS loads, coalesce(max(l.finished), 0) AS loaded,
  count(CASE WHEN coalesce(l.marked, false) THEN null ELSE l END) AS unmarked,
  coalesce(max(CASE WHEN coalesce(l.marked, false) THEN null ELSE l.finished END), 0) AS unmarked_loaded
OPTIONAL MATCH (input:Run)
WHERE input.step IN $note.reads
WITH events, loads, loaded, unmarked, unmarked_loaded, collect(input.id) AS inputs
OPTIONAL MATCH (old:Run {step: $note.step})
WITH events, loads, loaded, unmarked, unmarked_loaded, inputs, collect(old) AS former
WITH events, loads, loaded, unmarked, unmarked_loaded, inputs, former,
  former[0].whole AS whole, former[0].whole_events AS whole_events, CASE former[0].status WHEN 'done' THEN former[0].id END AS last,
  size(former) = 1 AND all(old IN former
    WHERE old.status = 'done' AND coalesce(old.options, $note.options) = $note.options
    AND coalesce(old.unmarked, old.loads) = unmarked AND coalesce(old.unmarked_loaded, old.loaded) = unmarked_loaded
    AND coalesce(abs(events - old.whole_events) <= $limit * old.whole_events, false)) AS little
FOREACH (old IN former | DETACH DELETE old)
CREATE (r:Run {
  id: $note.run, step: $note.step, status: 'running', started: $note.started,
  options: $note.options, reads: $note.reads, inputs: inputs, loads: loads, loaded: loaded,
  unmarked: unmarked, unmarked_loaded: unmarked_loaded, events: events, whole: whole, whole_events: whole_events,
  former: last
})
RETURN r.id AS run, little, whole;
