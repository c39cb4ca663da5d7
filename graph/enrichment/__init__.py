"""What is computed in the graph: co-occurrence, preferences, PageRank, similarity, embeddings, communities."""
