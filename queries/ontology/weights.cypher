// How much each attribute counts, and what gave it that weight.
//
// Needs:   ontology/write_weights
// Returns: name STRING, weight FLOAT, weighting STRING, unknown STRING (what a missing value counts); the heaviest first, ties by name
MATCH (a:Attribute)
WHERE a.weight IS NOT NULL
RETURN a.name AS name, a.weight AS weight, a.weighting AS weighting, a.unknown AS unknown
ORDER BY weight DESC, name;
