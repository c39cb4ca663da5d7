// Note an experiment with its arms; one that is there keeps its arms and their shares.
//
// Returns: arm STRING, share FLOAT (those that the graph holds); in the order of the split
/*
:param id => "spring"
:param arms => [{name: "popular-v1", share: 0.5, place: 1}, {name: "popular-v2", share: 0.5, place: 2}]
:param facts => ({measure: "clicked", planned: 100})
:param now => 1600001000000
*/
MERGE (x:Experiment {id: $id})
ON CREATE SET x.started = $now
// Takes the node's lock: of two that note it at once, one makes the arms.
SET x += $facts
REMOVE x.ended
WITH x, EXISTS { (x)-[:HAS_ARM]->(a:Arm) WHERE a.share IS NOT NULL } AS is_known
CALL (x, is_known) {
  WITH x, is_known
  WHERE NOT is_known
  UNWIND $arms AS arm
  MERGE (a:Arm {id: $id + '|' + arm.name})
  ON CREATE SET a.users = 0, a.clickers = 0, a.buyers = 0
  SET a.name = arm.name, a.share = arm.share, a.place = arm.place
  MERGE (x)-[:HAS_ARM]->(a)
}
MATCH (x)-[:HAS_ARM]->(a:Arm)
WHERE a.share IS NOT NULL
RETURN a.name AS arm, a.share AS share
ORDER BY a.place;
