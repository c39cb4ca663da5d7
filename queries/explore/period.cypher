// When the shop's first session began and its last one ended.
//
// Returns: first INTEGER, last INTEGER (ms UTC, null without times); one row
MATCH (s:Session)
RETURN min(s.started) AS first, max(s.ended) AS last;
