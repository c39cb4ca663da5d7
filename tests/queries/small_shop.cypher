// A shop so small that every expected row beside the queries can be checked by hand.
//
// Six users (5 never did anything), seven items (107 has no events), two category trees (home > kitchen > pots,
// home > garden; books), eight sessions (the last one without a user). Times are minutes after 1600000000000.
WITH 1600000000000 AS t0
CREATE (home:Category {id: '1', code: 'home', level: 0, pagerank: 0.5, derived: false})
CREATE (kitchen:Category {id: '2', code: 'home.kitchen', level: 1, pagerank: 1.2, derived: false})
CREATE (garden:Category {id: '3', code: 'home.garden', level: 1, pagerank: 0.8, derived: false})
CREATE (pots:Category {id: '4', code: 'home.kitchen.pots', level: 2, pagerank: 1.5, derived: false})
CREATE (books:Category {id: '5', code: 'books', level: 0, pagerank: 0.3, derived: false})
CREATE (kitchen)-[:CHILD_OF]->(home)
CREATE (garden)-[:CHILD_OF]->(home)
CREATE (pots)-[:CHILD_OF]->(kitchen)
CREATE (kettle:Item {id: '101', title: 'Copper kettle', price: 40.0, brand: 'Acme', available: true, popularity: 6, pagerank: 1.6, embedding: [1.0, 0.0, 0.0, 0.0]})
CREATE (pan:Item {id: '102', title: 'Iron pan', price: 30.0, brand: 'Acme', available: true, popularity: 5, pagerank: 1.4, embedding: [0.9, 0.1, 0.0, 0.0]})
CREATE (pot:Item {id: '103', title: 'Iron pot', price: 35.0, brand: 'Bolt', available: true, popularity: 6, pagerank: 1.5, embedding: [0.8, 0.3, 0.0, 0.0]})
CREATE (shovel:Item {id: '104', title: 'Garden shovel', price: 20.0, brand: 'Bolt', available: true, popularity: 3, pagerank: 1.1, embedding: [0.0, 0.0, 1.0, 0.0]})
CREATE (rake:Item {id: '105', title: 'Garden rake', price: 15.0, brand: 'Bolt', available: false, popularity: 2, pagerank: 1.0, embedding: [0.0, 0.1, 0.9, 0.0]})
CREATE (novel:Item:Book {id: '106', title: 'A novel about gardens', price: 10.0, brand: 'Press', available: true, popularity: 2, pagerank: 0.7, embedding: [0.0, 0.0, 0.0, 1.0]})
CREATE (spade:Item {id: '107', title: 'New spade', price: 25.0, brand: 'Bolt', available: true, popularity: 0})
CREATE (kettle)-[:IN_CATEGORY]->(kitchen)
CREATE (pan)-[:IN_CATEGORY]->(pots)
CREATE (pot)-[:IN_CATEGORY]->(pots)
CREATE (pot)-[:WAS_IN_CATEGORY {until: t0 + 720 * 60000, seen: [t0, t0 + 60 * 60000]}]->(kitchen)
CREATE (pot)-[:WAS_IN_CATEGORY {since: t0 + 720 * 60000, seen: [t0 + 720 * 60000]}]->(pots)
CREATE (shovel)-[:IN_CATEGORY]->(garden)
CREATE (rake)-[:IN_CATEGORY]->(garden)
CREATE (spade)-[:IN_CATEGORY]->(garden)
CREATE (novel)-[:IN_CATEGORY]->(books)
CREATE (kettle)-[:CO_OCCURS {weight: 23.0 / 6, sessions: 2, run: 'load'}]->(pan)
CREATE (kettle)-[:CO_OCCURS {weight: 4.0, sessions: 2, run: 'load'}]->(pot)
CREATE (shovel)-[:CO_OCCURS {weight: 2.0, sessions: 2, run: 'load'}]->(rake)
CREATE (kitchen)-[:CO_OCCURS {weight: 47.0 / 6, sessions: 4, run: 'load'}]->(pots)
CREATE (kettle)-[:SIMILAR {measure: 'jaccard', score: 0.75, run: 'similarity-1'}]->(pan)
CREATE (pan)-[:SIMILAR {measure: 'jaccard', score: 0.75, run: 'similarity-1'}]->(kettle)
CREATE (pot)-[:SIMILAR {measure: 'jaccard', score: 0.5, run: 'similarity-1'}]->(shovel)
CREATE (shovel)-[:SIMILAR {measure: 'jaccard', score: 0.5, run: 'similarity-1'}]->(rake)
CREATE (:Run {id: 'similarity-1', model: 'similarity', data: 'shop', started: t0 + 5900 * 60000, finished: t0 + 5901 * 60000, status: 'done'})
CREATE (:Run {id: 'co-occurrence-2', step: 'co-occurrence', status: 'done', started: t0 + 5100 * 60000, finished: t0 + 5101 * 60000, written: 4, options: 'of a test', reads: ['popularity'], loads: 2, loaded: t0 + 5003 * 60000, whole: t0 + 5001 * 60000, whole_events: 24})
CREATE (:Run {id: 'communities-1', step: 'communities', status: 'done', started: t0 + 5050 * 60000, finished: t0 + 5051 * 60000, written: 5, options: 'of a test', reads: ['co-occurrence'], inputs: ['co-occurrence-1'], loads: 2, loaded: t0 + 5003 * 60000})
CREATE (:Run {id: 'pagerank-1', step: 'pagerank', status: 'done', started: t0 + 5001 * 60000, finished: t0 + 5001 * 60000, written: 6, options: 'of a test', reads: ['co-occurrence'], inputs: ['co-occurrence-1'], loads: 1, loaded: t0 + 5001 * 60000, whole: t0 + 5001 * 60000, whole_events: 24})
CREATE (old:Run {id: 'popular-1', model: 'popular', data: 'shop', started: t0 + 6000 * 60000, finished: t0 + 6001 * 60000, status: 'done'})
CREATE (current:Run {id: 'popular-2', model: 'popular', data: 'shop', started: t0 + 7000 * 60000, finished: t0 + 7001 * 60000, status: 'done', recommendations: 2, slot: 0})
CREATE (:Run {id: 'popular-3', model: 'popular', data: 'shop', started: t0 + 8000 * 60000, status: 'running', slot: 1})
CREATE (popular:Model {id: 'popular'})-[:CURRENT]->(current)
CREATE (popular)-[:HAS_VERSION]->(:ModelVersion {id: 'popular-v1', options: '{"share": 1.0}', data_hash: 'd1', trained: t0 + 6000 * 60000, figures: '{"HR@20": 0.2}', sha256: 'aa', format: 1})
CREATE (popular)-[:HAS_VERSION]->(v2:ModelVersion {id: 'popular-v2', options: '{"share": 0.5}', data_hash: 'd2', trained: t0 + 7000 * 60000, figures: '{"HR@20": 0.25}', sha256: 'bb', format: 1})
CREATE (popular)-[:CURRENT_VERSION]->(v2)
CREATE (:PipelineRun {id: 'night-1', started: t0 + 7000 * 60000, finished: t0 + 7010 * 60000, status: 'done', verdict: 'published popular', steps: ['load', 'gate'], states: ['done', 'done'], seconds: [30.5, 0.5], notes: ['24 new events', 'popular passes'], measure: 'NDCG@20', models: ['popular', 'walk'], values: [0.25, 0.2], coverages: [0.5, 0.75], fit_seconds: [0.1, 2.5]})-[:PUBLISHED]->(v2)
CREATE (:PipelineRun {id: 'night-2', started: t0 + 8000 * 60000, finished: t0 + 8005 * 60000, status: 'stopped', verdict: '3 of 10 rows cannot be read', steps: ['sources', 'checks'], states: ['done', 'failed'], seconds: [1.0, 0.0], notes: ['10 rows', ''], measure: 'NDCG@20', models: [], values: [], coverages: [], fit_seconds: []})
CREATE (:Meta {id: 'schema', schema_version: 1})
CREATE (:Meta {id: 'loading', holder: 'load-1', started: t0 + 5000 * 60000})
CREATE (:Load {id: 'small-1', source: 'small', sha256: 'aa', batch: 1, rows: 14, started: t0 + 5000 * 60000, finished: t0 + 5001 * 60000})
CREATE (:Load {id: 'small-2', source: 'small', sha256: 'bb', batch: 2, rows: 10, started: t0 + 5002 * 60000, finished: t0 + 5003 * 60000})
FOREACH (id IN ['1', '2', '3', '4', '5', '6'] | CREATE (:User {id: id}))
WITH t0
UNWIND [
  ['1-0', '1', [['101', 'view', 0], ['102', 'view', 1], ['102', 'cart', 2], ['102', 'buy', 3]]],
  ['2-0', '2', [['101', 'view', 60], ['102', 'view', 61], ['101', 'buy', 62]]],
  ['1-1', '1', [['103', 'view', 1440], ['104', 'view', 1441]]],
  ['3-0', '3', [['101', 'view', 1500], ['103', 'view', 1501], ['103', 'buy', 1502], ['101', 'buy', 1503]]],
  ['2-1', '2', [['102', 'view', 2880], ['103', 'view', 2881], ['103', 'buy', 2882]]],
  ['x-0', null, [['101', 'view', 2940], ['103', 'view', 2941]]],
  ['3-1', '3', [['104', 'view', 4320], ['105', 'view', 4321]]],
  ['4-0', '4', [['105', 'view', 4380], ['104', 'view', 4381], ['106', 'view', 4382], ['106', 'borrow', 4383]]]
] AS row
WITH t0, row[0] AS session, row[1] AS user, row[2] AS events
CREATE (s:Session {id: session, started: t0 + events[0][2] * 60000, ended: t0 + events[-1][2] * 60000, length: size(events), named: CASE session WHEN 'x-0' THEN 'shared' END})
WITH t0, session, user, events, s
CALL (t0, session, events, s) {
  UNWIND range(0, size(events) - 1) AS position
  MATCH (i:Item {id: events[position][0]})-[:IN_CATEGORY]->(c:Category)
  CREATE (s)-[:INCLUDES {position: position, at: t0 + events[position][2] * 60000, event: events[position][1], event_key: session + '/' + position, category: c.id, place: CASE session WHEN 'x-0' THEN position END, anonymous: CASE session WHEN 'x-0' THEN false END}]->(i)
}
CALL (user, s) {
  MATCH (u:User {id: user})
  CREATE (u)-[:HAD]->(s)
}
WITH DISTINCT 1 AS sessions_are_there
MATCH (u:User)-[:HAD]->(s:Session)-[e:INCLUDES]->(i:Item)
WITH u, i, e.event AS event, count(e) AS number, min(e.at) AS first, max(e.at) AS last
FOREACH (_ IN CASE event WHEN 'view' THEN [1] ELSE [] END | CREATE (u)-[:VIEWED {count: number, first: first, last: last}]->(i))
FOREACH (_ IN CASE event WHEN 'cart' THEN [1] ELSE [] END | CREATE (u)-[:CARTED {count: number, first: first, last: last}]->(i))
FOREACH (_ IN CASE event WHEN 'buy' THEN [1] ELSE [] END | CREATE (u)-[:BOUGHT {count: number, first: first, last: last}]->(i))
FOREACH (_ IN CASE event WHEN 'borrow' THEN [1] ELSE [] END | CREATE (u)-[:BORROWED {count: number, first: first, last: last}]->(i))
WITH u, min(first) AS first, max(last) AS last
SET u.first_seen = first, u.last_seen = last
WITH DISTINCT 1 AS users_are_there
MATCH (u:User {id: '1'}), (rake:Item {id: '105'}), (novel:Item {id: '106'})
CREATE (u)-[:RECOMMENDED {run: 'popular-2', rank: 1, score: 2.0, kinds: ['sessions'], via: ['104'], amounts: [2.0]}]->(rake)
CREATE (u)-[:RECOMMENDED {run: 'popular-2', rank: 2, score: 1.0, kinds: [], via: [], amounts: []}]->(novel)
CREATE (u)-[:RECOMMENDED {run: 'popular-1', rank: 1, score: 9.0, kinds: [], via: [], amounts: []}]->(novel);
