// Compute the embeddings of items, and write those that point elsewhere than the item's former one by more than a bound of 1 - cosine, or where there is none; such items are marked for the next look-up of neighbours.
//
// Source:  FastRP, Chen, Sultan, Tian, Chen and Skiena 2019
// Needs:   enrich/project_user_items
// Returns: items INTEGER (with an embedding), written INTEGER; one row
/*
:param projection => "user_items"
:param dimension => 8
:param iteration_weights => [0.0, 1.0, 1.0, 1.0]
:param normalization_strength => -0.5
:param seed => 0
:param concurrency => 4
:param bound => 0.01
*/
CALL gds.fastRP.stream($projection, {
  embeddingDimension: $dimension, iterationWeights: $iteration_weights, normalizationStrength: $normalization_strength,
  relationshipWeightProperty: 'weight', randomSeed: $seed, concurrency: $concurrency
})
YIELD nodeId, embedding
WITH gds.util.asNode(nodeId) AS i, embedding
WHERE i:Item AND CASE
    WHEN coalesce(size(i.embedding), 0) <> size(embedding) THEN true
    ELSE 2 * (1 - vector.similarity.cosine(i.embedding, embedding)) > $bound
  END
CALL (i, embedding) {
  SET i.embedding = embedding, i:NeighboursStale
} IN TRANSACTIONS OF 10000 ROWS
WITH count(i) AS written
RETURN COUNT { MATCH (item:Item) WHERE item.embedding IS NOT NULL } AS items, written;
