// Set properties of items that a shop changed over HTTP, create the ones that are new, and record it by one :Load a day.
//
// Returns: items INTEGER; one row
/*
:param rows => [{id: "107", properties: {available: false, available_at: 1600001000000}}, {id: "108", properties: {title: "Watering can", image: "https://shop.example/108.jpg"}}]
:param source => "serving"
:param day => "2020-09-13"
:param now => 1600001000000
*/
MERGE (l:Load {id: $source + '-items-' + $day})
ON CREATE SET l.source = $source, l.sha256 = 'items', l.batch = -1, l.rows = 0, l.started = $now
SET l.finished = CASE WHEN l.finished >= $now THEN l.finished + 1 ELSE $now END
WITH l
UNWIND $rows AS row
MERGE (i:Item {id: row.id})
ON CREATE SET i.popularity = 0, i.created = $now
SET i += row.properties
RETURN count(*) AS items;
