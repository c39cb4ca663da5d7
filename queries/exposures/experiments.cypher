// How many users each arm of an experiment has, and how many of them clicked and bought what was shown.
//
// Needs:   serving/put_experiment, serving/add_exposures
// Returns: experiment STRING, started INTEGER, ended INTEGER (milliseconds, null while it runs), measure STRING, planned INTEGER (users of each arm at which it is decided), arm STRING, share FLOAT, users INTEGER, clickers INTEGER, buyers INTEGER; the latest experiment first, in the order of its split
MATCH (x:Experiment)-[:HAS_ARM]->(a:Arm)
WHERE a.share IS NOT NULL
RETURN
  x.id AS experiment, x.started AS started, x.ended AS ended, x.measure AS measure, x.planned AS planned,
  a.name AS arm, a.share AS share, a.users AS users, a.clickers AS clickers, a.buyers AS buyers
ORDER BY started DESC, experiment, a.place;
