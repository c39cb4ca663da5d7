"""Two-stage ranking: candidates by dot product, then a reranker."""
