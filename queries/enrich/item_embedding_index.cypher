// Index the embeddings of the items, once they are written: writing with the index in place is four times slower.
// Not quantised: rounded to a byte a number, the scores are off by up to 0.02.
//
// Returns: nothing
CREATE VECTOR INDEX item_embedding IF NOT EXISTS
FOR (i:Item) ON (i.embedding)
OPTIONS {indexConfig: {`vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
