// Drop the index of the items' embeddings before they are written anew.
//
// Needs:   enrich/item_embedding_index
// Returns: nothing
DROP INDEX item_embedding IF EXISTS;
